using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// The mount tree of the calling thread's mount namespace, by the calls that every kernel has. CAP_SYS_ADMIN is needed in
/// the user namespace that owns it.
/// </summary>
public static partial class Mounts
{
    /// <summary>Mounts, binds, remounts, moves, or changes propagation, as the flags say. mount(2).</summary>
    /// <param name="source">The device or whatever the type makes of it; empty for none.</param>
    /// <param name="target">Where.</param>
    /// <param name="type">The kind of file system; empty where the flags are about an existing mount.</param>
    /// <param name="flags">What to do, and the mount's attributes.</param>
    /// <param name="data">The file system's own options, separated by commas; empty for none.</param>
    public static SysResult Mount(
        BytePath source,
        BytePath target,
        BytePath type,
        MountFlags flags,
        BytePath data = default
    ) => Interop.Result(Interop.mount(source, target, type, flags, data));

    /// <summary>Takes a mount out of the tree. umount2(2).</summary>
    public static SysResult Umount2(BytePath target, UnmountFlags flags = UnmountFlags.None) =>
        Interop.Result(Interop.umount2(target, flags));

    /// <summary>
    /// Makes a mount the root of the mount namespace and puts the old root under <paramref name="putOld"/>. pivot_root(2):
    /// EINVAL where the new root is no mount, is shared, or the present root is the initramfs.
    /// </summary>
    public static SysResult PivotRoot(BytePath newRoot, BytePath putOld) =>
        Interop.Result(Interop.pivot_root(newRoot, putOld));
}
