using System.Text;
using Tare.Runtime.State;

namespace Tare.Runtime.Tests.State;

public sealed class ContainerRecordTests
{
    private static readonly ContainerRecord Record = new()
    {
        Id = ContainerId.Parse("a"),
        OciVersion = "1.3.0",
        Bundle = "/b",
        Rootfs = "/b/rootfs",
        Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Owner = 1000,
        ProcessId = 42,
        ProcessStartTime = 4711,
        Cgroups = [new CgroupPlace("/sys/fs/cgroup/pids", "pids", "x/a", 1)],
        Annotations = new Dictionary<string, string> { ["k"] = "v\"\n" },
        Remaining = [new RemainingStep(90, "execute '/bin/sh'")],
    };

    [Fact]
    public void What_is_written_is_read_back()
    {
        ContainerRecord read = ContainerRecordReader.Read(ContainerRecordWriter.Write(Record));
        Assert.Equal(Record.Id, read.Id);
        Assert.Equal(Record.Created, read.Created);
        Assert.Equal(Record.Owner, read.Owner);
        Assert.Equal(Record.ProcessId, read.ProcessId);
        Assert.Equal(Record.ProcessStartTime, read.ProcessStartTime);
        Assert.Equal(Record.Cgroups, read.Cgroups);
        Assert.Equal(Record.Annotations, read.Annotations);
        Assert.Equal(Record.Remaining, read.Remaining);
        Assert.Equal((Record.OciVersion, Record.Bundle, Record.Rootfs), (read.OciVersion, read.Bundle, read.Rootfs));
    }

    [Fact]
    public void Properties_of_a_later_version_are_passed_over()
    {
        string json = Encoding.UTF8.GetString(ContainerRecordWriter.Write(Record));
        json = string.Concat("{\"later\":{\"x\":[1,{}]},", json.AsSpan(1));
        Assert.Equal(42, ContainerRecordReader.Read(Encoding.UTF8.GetBytes(json)).ProcessId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\":7}")]
    [InlineData("{\"id\":\"a\",\"pid\":\"x\"}")]
    public void A_damaged_record_is_an_error_that_says_what_to_do(string json)
    {
        ContainerException e = Assert.Throws<ContainerException>(() =>
            ContainerRecordReader.Read(Encoding.UTF8.GetBytes(json))
        );
        Assert.Contains("state.json is damaged", e.Message);
    }
}
