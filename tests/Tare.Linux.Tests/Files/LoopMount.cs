using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

/// <summary>An ext4 of its own in a file, mounted where only the calling thread sees it.</summary>
internal static class LoopMount
{
    /// <summary>Makes and mounts it on a thread of its own; skips the test where that cannot be.</summary>
    /// <param name="features">What mkfs.ext4 is told.</param>
    /// <param name="options">What mount(8) is told.</param>
    /// <param name="action">Given the mount point.</param>
    public static void Run(string[] features, string options, Action<string> action)
    {
        Require.Root();
        Require.Program("mkfs.ext4");
        using TemporaryDirectory directory = new();
        string image = directory.At("image");
        using (FileStream file = File.Create(image))
        {
            file.SetLength(32 << 20);
        }

        Tool.Run("mkfs.ext4", ["-q", .. features, image]).ShouldSucceed();
        string point = directory.At("mounted");
        Directory.CreateDirectory(point);
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNS).OrThrow("unshare");
            Mounts
                .Mount(BytePath.Empty, "/", BytePath.Empty, MountFlags.MS_REC | MountFlags.MS_PRIVATE)
                .OrThrow("make the mounts private");
            ToolResult mounted = Tool.Run("mount", ["-o", $"loop,{options}", image, point]);
            Assert.SkipUnless(
                mounted.ExitCode == 0,
                $"the kernel mounts no ext4 with {string.Join(' ', features)} here: {mounted.Errors.Trim()}"
            );
            try
            {
                action(point);
            }
            finally
            {
                Tool.Run("umount", ["-l", point]).ShouldSucceed();
            }
        });
    }
}
