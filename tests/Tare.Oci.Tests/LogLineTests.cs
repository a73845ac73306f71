using System.Text;
using System.Text.Json;
using CsCheck;

namespace Tare.Oci.Tests;

public class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void It_is_one_object_with_its_newline() =>
        Assert.Equal(
            """{"level":"error","msg":"mount tmpfs on '/dev': EPERM","time":"2026-01-02T03:04:05Z"}""" + "\n",
            Encoding.UTF8.GetString(LogLine.Write("error", "mount tmpfs on '/dev': EPERM", Time))
        );

    [Fact]
    public void Any_message_stays_one_line_of_json() =>
        Gen.String.Sample(message =>
        {
            byte[] line = LogLine.Write("info", message, Time);
            using JsonDocument json = JsonDocument.Parse(line);

            Assert.Equal(line.Length - 1, line.AsSpan().IndexOf((byte)'\n'));
            string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message));
            Assert.Equal(valid, json.RootElement.GetProperty("msg").GetString());
        });
}
