namespace Tare.Linux.Abi;

/// <summary>The flags of fsmount(2). linux/mount.h, Linux 5.2.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FsMountFlags : uint
{
    None = 0,
    FSMOUNT_CLOEXEC = 0x1,
    FSMOUNT_NAMESPACE = 0x2,
}
