using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests;

public class ControlGroupLayoutTests
{
    [Fact]
    public void What_is_unmounted_is_noticed_and_each_thread_sees_its_own_mounts()
    {
        Require.Root();
        string[] before = MountPoints();
        Assert.SkipWhen(before.Length == 0, "needs a cgroup hierarchy");
        OwnThread.Run(() =>
        {
            Linux.Namespaces.Unshare(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_FS).OrThrow("unshare");
            Mounts.Mount("", "/", "", MountFlags.MS_REC | MountFlags.MS_PRIVATE).OrThrow("mount");
            Assert.Equal(before, MountPoints());
            Mounts.Umount2(before[^1], UnmountFlags.MNT_DETACH).OrThrow("unmount", before[^1]);
            Assert.Equal(before[..^1], MountPoints());
        });
        Assert.Equal(before, MountPoints());
    }

    private static string[] MountPoints() =>
        [.. ControlGroupLayout.Read().OrThrow("read").Hierarchies.Select(hierarchy => hierarchy.MountPoint)];
}
