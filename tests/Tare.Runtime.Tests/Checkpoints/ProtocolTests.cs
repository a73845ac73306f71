using CsCheck;
using Tare.Runtime.Checkpoints;
using Tare.Runtime.Checkpoints.Protocol;

namespace Tare.Runtime.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public void A_request_is_the_bytes_that_the_format_has_for_it() =>
        // type: DUMP, opts { images_dir_fd: 300, log_level: 4, log_file: "l", notify_scripts, manage_cgroups, empty_ns: 0,
        // orphan_pts_master, manage_cgroups_mode: SOFT }
        Assert.Equal("0801121608AC02480452016C6001C00101B00200900301900203", Convert.ToHexString(Options().Write()));

    [Theory]
    [InlineData("080610012A0E0A0C706F73742D726573746F7265", CriuRequestType.Notify, "post-restore", 0)]
    [InlineData("080610012A110A0C706F73742D726573746F726510B960", CriuRequestType.Notify, "post-restore", 12345)]
    [InlineData("08021001220308B960", CriuRequestType.Restore, "", 12345)]
    public void An_answer_is_read(string bytes, object type, string script, int processId)
    {
        CriuResponse response = CriuResponse.Read(Bytes(bytes));

        Assert.True(response.Success);
        Assert.Equal((CriuRequestType)type, response.Type);
        Assert.Equal(script, response.Script);
        Assert.Equal(processId, response.ProcessId);
    }

    [Fact]
    public void A_negative_errno_and_an_unknown_field_are_no_trouble()
    {
        CriuResponse response = CriuResponse.Read(Bytes("0801100038FFFFFFFFFFFFFFFFFF01FA060268694A03626164"));

        Assert.False(response.Success);
        Assert.Equal(-1, response.Errno);
        Assert.Equal("bad", response.ErrorMessage);
    }

    [Theory]
    [InlineData("520408041001", 40_100)] // a version 4.1
    [InlineData("5206080310112001", 31_701)] // a version 3.17.1
    public void A_version_is_one_number(string bytes, int version) =>
        Assert.Equal(version, CriuResponse.Read(Bytes(bytes)).Version);

    [Theory]
    [InlineData("08")]
    [InlineData("0880")]
    [InlineData("2A05")]
    [InlineData("2AFFFFFFFFFFFFFFFFFF01")]
    [InlineData("08FFFFFFFFFFFFFFFFFFFF")]
    [InlineData("00")]
    [InlineData("0B")]
    public void What_is_no_message_is_refused(string bytes) =>
        Assert.Throws<FormatException>(() => CriuResponse.Read(Bytes(bytes)));

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Gen
            .Byte.Array[0, 64]
            .Sample(bytes =>
            {
                try
                {
                    CriuResponse.Read(bytes);
                }
                catch (FormatException)
                {
                    // Refused.
                }
            });

    [Fact]
    public void Numbers_texts_and_messages_are_read_as_they_were_written() =>
        Gen.Select(Gen.Int[1, 1 << 20], Gen.Long, Gen.String)
            .Sample(
                (field, number, text) =>
                {
                    MessageWriter message = new();
                    message.Number(field, number);
                    message.Text(field, text);
                    message.Message(field, inner => inner.Number(1, number));

                    MessageReader reader = new(message.Written);
                    Assert.True(reader.Next());
                    Assert.Equal((field, (ulong)number), (reader.Field, reader.Number));
                    Assert.True(reader.Next());
                    Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text), reader.Bytes.ToArray());
                    Assert.True(reader.Next());
                    MessageReader below = new(reader.Bytes);
                    Assert.True(below.Next());
                    Assert.Equal((ulong)number, below.Number);
                    Assert.False(reader.Next());
                }
            );

    private static CriuRequest Options() =>
        new(CriuRequestType.Dump)
        {
            Options = new CriuOptions
            {
                ImagesDirectory = 300,
                LogFile = "l",
                Settings = new CriuSettings { ImagePath = "/" },
            },
        };

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
