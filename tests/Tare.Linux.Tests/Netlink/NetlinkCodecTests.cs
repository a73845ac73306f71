using Tare.Linux.Abi;

namespace Tare.Linux.Tests.Netlink;

public sealed class NetlinkCodecTests
{
    [Fact]
    public void A_request_is_laid_out_as_the_kernel_reads_it()
    {
        NetlinkRequest request = new(NetlinkMessageType.RTM_NEWLINK, NetlinkFlags.NLM_F_ACK, [1, 2, 3, 4]);
        int nested = request.Begin(18);
        request.Add(1, "ab").End(nested);
        request.Add(4, 0x01020304u);

        byte[] expected =
        [
            .. (byte[])[0, 0, 0, 0, 16, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            .. (byte[])[1, 2, 3, 4],
            .. (byte[])[12, 0, 18, 0, 7, 0, 1, 0, (byte)'a', (byte)'b', 0, 0],
            .. (byte[])[8, 0, 4, 0, 4, 3, 2, 1],
        ];

        Assert.Equal(expected, request.Bytes.ToArray());
    }

    [Fact]
    public void An_attribute_longer_than_its_length_can_say_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            new NetlinkRequest(NetlinkMessageType.RTM_NEWLINK, NetlinkFlags.None, []).Add(1, new byte[65_532])
        );

    [Fact]
    public void Attributes_are_read_one_after_the_other_and_end_where_one_does_not_fit()
    {
        NetlinkAttributes attributes = new([
            7,
            0,
            3,
            0x80,
            (byte)'l',
            (byte)'o',
            0,
            0,
            8,
            0,
            4,
            0,
            1,
            0,
            0,
            0,
            200,
            0,
            1,
            0,
            1,
        ]);

        Assert.True(attributes.Next());
        Assert.Equal((3, "lo"), (attributes.Type, attributes.Text));
        Assert.True(attributes.Next());
        Assert.Equal((4, 1u), (attributes.Type, attributes.UInt32));
        Assert.False(attributes.Next());
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 3, 0, 1, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void What_is_no_attribute_is_none(byte[] bytes) => Assert.False(new NetlinkAttributes(bytes).Next());

    [Fact]
    public void Any_bytes_can_be_taken_for_messages()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            if (bytes.Length > 3 && i % 2 == 0)
            {
                bytes.AsSpan(1, 3).Clear();
            }

            ReadOnlySpan<byte> rest = bytes;
            int taken = 0;
            while (NetlinkMessage.TryTake(ref rest, out NetlinkMessage message))
            {
                taken++;
                _ = message.Errno;
                _ = NetworkLink.TryParse(message.Body);
                _ = LinkAddress.TryParse(message.Body);
            }

            Assert.True(taken <= bytes.Length / 16);
        }
    }
}
