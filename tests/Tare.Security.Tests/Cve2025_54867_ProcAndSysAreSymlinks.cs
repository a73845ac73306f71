using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// An image in which /proc, /sys or /dev is a symlink: out of the image, to somewhere else in it, or dangling (CVE-2023-27561,
/// CVE-2023-28642 and CVE-2025-54867 of youki; GHSA-g2j6-57v7-gm8c). Refused, before anything is made where it leads.
/// </summary>
public sealed class Cve2025_54867_ProcAndSysAreSymlinks
{
    public static TheoryData<string, string> Links =>
        new(
            from name in (string[])["proc", "sys", "dev"]
            from target in (string[])["/elsewhere", "elsewhere", "../../../../../../..{outside}", "{outside}", "/", "."]
            select (name, target)
        );

    [Theory]
    [MemberData(nameof(Links))]
    public void Nothing_is_mounted_where_it_leads(string name, string target)
    {
        using Victim victim = new();
        using Bundle bundle = new(["echo", "started"], edit: config => config.Writable());
        Directory.CreateDirectory(Path.Combine(bundle.Rootfs, "elsewhere"));
        Directory.Delete(Path.Combine(bundle.Rootfs, name));
        File.CreateSymbolicLink(
            Path.Combine(bundle.Rootfs, name),
            target.Replace("{outside}", victim.Outside, StringComparison.Ordinal)
        );

        ToolResult result = victim.Run(bundle);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(bundle.Rootfs, "elsewhere")));
        victim.HostShouldBeUntouched();
    }
}
