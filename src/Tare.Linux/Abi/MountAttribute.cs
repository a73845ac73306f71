using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What mount_setattr(2) takes. linux/mount.h, Linux 5.12.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MountAttribute
{
    /// <summary>Attributes to set.</summary>
    public MountAttributeFlags Set;

    /// <summary>Attributes to clear; they are cleared first.</summary>
    public MountAttributeFlags Clear;

    /// <summary>MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE, or nothing to leave it.</summary>
    public MountFlags Propagation;

    /// <summary>The descriptor of the user namespace whose map MOUNT_ATTR_IDMAP applies.</summary>
    public ulong UserNamespace;
}
