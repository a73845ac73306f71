using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// The runtime writes files of its own into the image (for a handler, for name resolution, for a marker), and follows a
/// symlink there. It writes none here: whatever links the image has, the host's file stays as it is, and so does the image.
/// </summary>
public sealed class Cve2025_24965_FilesAreWrittenThroughLinks
{
    private static readonly string[] Names =
    [
        ".krun_config.json",
        ".dockerenv",
        "run/.containerenv",
        "etc/hosts",
        "etc/hostname",
        "etc/resolv.conf",
        "etc/mtab",
        "etc/localtime",
        "dev/console",
        "dev/null",
        "dev/shm",
        "sys/fs",
        "var/run",
    ];

    [Fact]
    public void An_image_of_links_leaves_the_host_as_it_is()
    {
        using Victim victim = new();
        using Bundle bundle = new(["echo", "started"], edit: config => config.Writable());
        foreach (string name in Names)
        {
            File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, name), victim.Canary);
        }

        string[] before = Directory.GetFileSystemEntries(bundle.Rootfs, "*", SearchOption.AllDirectories);

        victim.Run(bundle);

        Assert.Equal(before, Directory.GetFileSystemEntries(bundle.Rootfs, "*", SearchOption.AllDirectories));
        victim.HostShouldBeUntouched();
    }
}
