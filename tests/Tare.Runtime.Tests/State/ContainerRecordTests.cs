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
        Unit = new SystemdUnit("tare-a\\x2bb.scope", IsUser: true),
        PidFile = "/run/pid",
        Resctrl = new ResctrlPlace("/sys/fs/resctrl", "gold", true, false, "a"),
        Annotations = new Dictionary<string, string> { ["k"] = "v\"\n" },
        HasHooks = true,
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
        Assert.Equal(Record.PidFile, read.PidFile);
        Assert.Equal(Record.Resctrl, read.Resctrl);
        Assert.True(read.HasHooks);
        Assert.False(read.HasNoProcess);
        Assert.True(
            ContainerRecordReader.Read(ContainerRecordWriter.Write(Record with { HasNoProcess = true })).HasNoProcess
        );
        Assert.False(
            ContainerRecordReader.Read(ContainerRecordWriter.Write(Record with { HasHooks = false })).HasHooks
        );
        Assert.Equal(Record.Cgroups, read.Cgroups);
        Assert.Equal(Record.Unit, read.Unit);
        Assert.Null(ContainerRecordReader.Read(ContainerRecordWriter.Write(Record with { Unit = null })).Unit);
        Assert.Equal(Record.Annotations, read.Annotations);
        Assert.Equal(Record.Remaining, read.Remaining);
        Assert.Equal((Record.OciVersion, Record.Bundle, Record.Rootfs), (read.OciVersion, read.Bundle, read.Rootfs));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("\t")]
    [InlineData("\\t\\n\\\\")]
    [InlineData("two\nlines\n.\nid\tb")]
    [InlineData("\r\u0085\u2028é𝄞")]
    public void No_text_is_taken_for_anything_else(string text)
    {
        ContainerRecord record = Record with
        {
            Bundle = text,
            Annotations = new Dictionary<string, string> { [text] = text },
            Remaining = [new RemainingStep(0, text)],
        };

        ContainerRecord read = ContainerRecordReader.Read(ContainerRecordWriter.Write(record));

        Assert.Equal(text, read.Bundle);
        Assert.Equal(record.Annotations, read.Annotations);
        Assert.Equal(record.Remaining, read.Remaining);
        Assert.Equal(Record.Id, read.Id);
    }

    [Fact]
    public void Facts_of_a_later_version_are_passed_over()
    {
        string text = "later\tx\n" + Encoding.UTF8.GetString(ContainerRecordWriter.Write(Record));
        Assert.Equal(42, ContainerRecordReader.Read(Encoding.UTF8.GetBytes(text)).ProcessId);
    }

    [Fact]
    public void A_record_that_was_cut_off_anywhere_is_damaged()
    {
        byte[] whole = ContainerRecordWriter.Write(Record);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Throws<ContainerException>(() => ContainerRecordReader.Read(whole.AsSpan(0, i)));
        }
    }

    [Theory]
    [InlineData(".\n")]
    [InlineData("id\ta\n.\n")]
    [InlineData("{\"id\":\"a\"}\n")]
    public void A_damaged_record_is_an_error_that_says_what_to_do(string text)
    {
        ContainerException e = Assert.Throws<ContainerException>(() =>
            ContainerRecordReader.Read(Encoding.UTF8.GetBytes(text))
        );
        Assert.Contains("record is damaged (delete the container by force)", e.Message);
    }

    [Theory]
    [InlineData("process\t42", "process\tx")]
    [InlineData("process\t42\t4711", "process\t42")]
    [InlineData("owner\t1000", "owner\t-1")]
    [InlineData("owner\t1000", "owner\t99999999999")]
    [InlineData("id\ta", "id\t../a")]
    [InlineData("created\t", "created\t9")]
    [InlineData("pids\tx/a\t1", "pids")]
    [InlineData("bundle\t/b", "bundle\t/b\\")]
    public void A_fact_that_cannot_be_is_an_error(string right, string wrong)
    {
        string text = Encoding.UTF8.GetString(ContainerRecordWriter.Write(Record));
        Assert.Contains(right, text);
        byte[] damaged = Encoding.UTF8.GetBytes(text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Throws<ContainerException>(() => ContainerRecordReader.Read(damaged));
    }
}
