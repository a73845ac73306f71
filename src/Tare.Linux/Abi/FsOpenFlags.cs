namespace Tare.Linux.Abi;

/// <summary>The flags of fsopen(2). linux/mount.h, Linux 5.2.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FsOpenFlags : uint
{
    None = 0,
    FSOPEN_CLOEXEC = 0x1,
}
