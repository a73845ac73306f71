using System.Text;
using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.DBus;
using Tare.Runtime.State;

namespace Tare.Fuzz.Tests;

/// <summary>What fuzzing found, each by its name.</summary>
public sealed class FoundTests
{
    private const string Record =
        "id\ta\noci-version\t1.3.0\nbundle\t/b\nrootfs\t/b/rootfs\ncreated\t639042624000000000\nowner\t0\nprocess\t42\t4711\n";

    [Theory]
    [InlineData("a\u2028b")]
    [InlineData("a\u0085b")]
    [InlineData("a\nb")]
    public void An_id_with_a_line_end_of_any_kind_is_refused_on_one_line(string id)
    {
        string message = Assert.Throws<ContainerException>(() => ContainerId.Parse(id)).Message;

        Assert.DoesNotContain(message, c => char.IsControl(c) || c is '\u2028' or '\u2029');
    }

    [Theory]
    [InlineData("cgroup\t/sys/fs/cgroup/pids\tpids\tx/../../..\t1")]
    [InlineData("cgroup\tsys/fs/cgroup/pids\tpids\tx/a\t1")]
    [InlineData("cgroup\t/sys/fs/cgroup/pids\tpids\tx/a\t3")]
    public void A_record_whose_cgroup_leads_elsewhere_is_damaged(string line)
    {
        Assert.Equal("a", ContainerRecordReader.Read(Encoding.UTF8.GetBytes(Record + ".\n")).Id.Text);

        Assert.Throws<ContainerException>(() =>
            ContainerRecordReader.Read(Encoding.UTF8.GetBytes($"{Record}{line}\n.\n"))
        );
    }

    [Theory]
    [InlineData("3\u00010 1 0:1 / / rw - a b c")]
    [InlineData("30 1 \u00010:1 / / rw - a b c")]
    public void A_mountinfo_with_signs_that_cannot_be_seen_is_refused_on_one_line(string line)
    {
        string message = Assert.Throws<FormatException>(() => MountInfo.Parse(Encoding.UTF8.GetBytes(line))).Message;

        Assert.StartsWith("mountinfo line 1: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Fact]
    public void A_signature_on_dbus_that_is_not_ascii_is_refused_and_not_altered()
    {
        byte[] message = (byte[])[.. "l\x2\0\x1\0\0\0\0\x1\0\0\0\x8\0\0\0\x8\x1g\0\x2"u8, 0xC3, 0xA4, 0];

        Assert.Equal(
            "read a D-Bus message: EBADMSG (a value does not have the type that it is said to have)",
            Assert.Throws<DBusException>(() => DBusMessage.Parse(message)).Message
        );
        message[^3] = message[^2] = (byte)'y';
        Assert.Equal("yy", DBusMessage.Parse(message).Signature);
    }

    [Fact]
    public void Options_of_a_mount_without_a_source_are_as_they_stand_in_mountinfo()
    {
        MountEntry entry = Assert.Single(MountInfo.Parse("30 1 0:1 / / rw - tmpfs  rw,a=\\040b\n"u8));

        Assert.Equal(("", "rw,a=\\040b"), (entry.Source, entry.SuperOptions));
    }
}
