using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// An image declares /proc, or something in it, as a volume: what the runtime later writes to the kernel goes into the
/// attacker's files. Refused, whatever way leads there.
/// </summary>
public sealed class Cve2019_16884_ProcIsAVolume
{
    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/")]
    [InlineData("//proc/.")]
    [InlineData("/proc/self/attr")]
    [InlineData("/proc/sys")]
    [InlineData("/link-to-proc")]
    [InlineData("/link-to-proc/sys")]
    [InlineData("/link-to-sys")]
    public void A_volume_does_not_cover_proc(string destination)
    {
        using Victim victim = new();
        string volume = victim.NewFolder();
        File.WriteAllText(Path.Combine(volume, "fake"), "");
        using Bundle bundle = new(
            ["sh", "-c", "ls /proc /proc/sys; cat /proc/sys/net/ipv4/ping_group_range"],
            edit: config => config.Bind(volume, destination).Sysctl("net.ipv4.ping_group_range", "0 7").Writable()
        );
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "link-to-proc"), "/proc");
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "link-to-sys"), "proc/sys");

        ToolResult result = victim.Run(bundle);

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("fake", result.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(volume));
    }

    [Fact]
    public void A_tmpfs_does_not_stand_for_proc()
    {
        using Victim victim = new();
        using Bundle bundle = new(
            ["ls", "/proc"],
            edit: config => config.WithoutMounts("/proc").Mount("/proc", "tmpfs", "tmpfs")
        );

        Assert.NotEqual(0, victim.Run(bundle).ExitCode);
    }
}
