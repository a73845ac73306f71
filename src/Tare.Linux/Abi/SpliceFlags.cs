namespace Tare.Linux.Abi;

/// <summary>The flags of splice(2), tee(2) and vmsplice(2). linux/splice.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SpliceFlags : uint
{
    None = 0,
    SPLICE_F_MOVE = 0x1,
    SPLICE_F_NONBLOCK = 0x2,
    SPLICE_F_MORE = 0x4,
    SPLICE_F_GIFT = 0x8,
}
