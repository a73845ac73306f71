namespace Tare.Linux.Abi;

/// <summary>
/// The values of <see cref="OpenFlags"/> on each architecture. arm64 has four flags in other places
/// (arch/arm64/include/uapi/asm/fcntl.h); all the rest are asm-generic/fcntl.h on both.
/// </summary>
public static class OpenFlagsTable
{
    private const uint Moved = (uint)(
        OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_DIRECT | OpenFlags.O_LARGEFILE
    );

    /// <summary>
    /// The word that a kernel of <paramref name="architecture"/> expects for <paramref name="flags"/>. Apply it once, to
    /// the flags argument of open, openat and open_by_handle_at, to the flags field of an <see cref="OpenHow"/>, and to
    /// the flags that fcntl(F_SETFL) takes. pipe2, eventfd2 and the like only know O_CLOEXEC, O_NONBLOCK and O_DIRECT.
    /// </summary>
    public static uint For(OpenFlags flags, CpuArchitecture architecture)
    {
        uint value = (uint)flags;
        if (architecture != CpuArchitecture.Arm64)
        {
            return value;
        }

        uint moved = value & ~Moved;
        moved |= (flags & OpenFlags.O_DIRECTORY) != 0 ? 0x4000u : 0;
        moved |= (flags & OpenFlags.O_NOFOLLOW) != 0 ? 0x8000u : 0;
        moved |= (flags & OpenFlags.O_DIRECT) != 0 ? 0x10000u : 0;
        moved |= (flags & OpenFlags.O_LARGEFILE) != 0 ? 0x20000u : 0;
        return moved;
    }

    /// <summary>The reverse of <see cref="For"/>: flags that a kernel told, fcntl(F_GETFL) for example.</summary>
    public static OpenFlags From(uint value, CpuArchitecture architecture)
    {
        if (architecture != CpuArchitecture.Arm64)
        {
            return (OpenFlags)value;
        }

        OpenFlags flags = (OpenFlags)(value & ~0x3c000u);
        flags |= (value & 0x4000u) != 0 ? OpenFlags.O_DIRECTORY : 0;
        flags |= (value & 0x8000u) != 0 ? OpenFlags.O_NOFOLLOW : 0;
        flags |= (value & 0x10000u) != 0 ? OpenFlags.O_DIRECT : 0;
        flags |= (value & 0x20000u) != 0 ? OpenFlags.O_LARGEFILE : 0;
        return flags;
    }
}
