namespace Tare.Linux.Abi;

/// <summary>The flags of renameat2(2). linux/fs.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum RenameFlags : uint
{
    None = 0,
    RENAME_NOREPLACE = 0x1,
    RENAME_EXCHANGE = 0x2,
    RENAME_WHITEOUT = 0x4,
}
