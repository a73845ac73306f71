using System.Text;
using CsCheck;

namespace Tare.Linux.Tests;

public class ProcCgroupTests
{
    [Fact]
    public void Every_hierarchy_has_its_line()
    {
        IReadOnlyList<CgroupMembership> memberships = ProcCgroup.Parse(
            "12:cpu,cpuacct:/user.slice\n1:name=systemd:/a:b/c\n0::/../x\n"u8
        );
        Assert.Equal(3, memberships.Count);
        Assert.Equal(["cpu", "cpuacct"], memberships[0].Controllers);
        Assert.Equal("/user.slice", memberships[0].Path);
        Assert.Equal("/a:b/c", memberships[1].Path);
        Assert.False(memberships[1].IsUnified);
        Assert.True(memberships[2].IsUnified);
        Assert.Empty(memberships[2].Controllers);
        Assert.Equal("/../x", memberships[2].Path);
    }

    [Theory]
    [InlineData("x:cpu:/")]
    [InlineData("1:cpu")]
    [InlineData("1")]
    [InlineData("::/")]
    public void A_line_that_is_none_is_refused(string line) =>
        Assert.Throws<FormatException>(() => ProcCgroup.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void No_bytes_break_the_parser() =>
        Gen.OneOf(Gen.Byte.Array, MountInfoTests.Mutated("12:cpu,cpuacct:/user.slice\n0::/x\n"u8.ToArray()))
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcCgroup.Parse(text)));

    [Fact]
    public void The_own_memberships_are_read() =>
        Assert.Equal(File.ReadAllLines("/proc/self/cgroup").Length, ProcCgroup.ReadOwn().OrThrow("read").Count);
}
