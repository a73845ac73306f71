using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Rights on files that mostly go together. landlock(7).</summary>
public static class LandlockAccess
{
    /// <summary>Reading files and listing directories.</summary>
    public const LandlockAccessFs Read =
        LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE | LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR;

    /// <summary>Reading, and executing programs.</summary>
    public const LandlockAccessFs Execute = Read | LandlockAccessFs.LANDLOCK_ACCESS_FS_EXECUTE;

    /// <summary>Reading, and writing to files that are there, devices among them.</summary>
    public const LandlockAccessFs Write =
        Read
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_WRITE_FILE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_TRUNCATE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_IOCTL_DEV;

    /// <summary>Reading, writing, making, renaming and removing, but for device nodes; not executing.</summary>
    public const LandlockAccessFs Change =
        Write
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_REMOVE_DIR
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_REMOVE_FILE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_DIR
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_REG
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_SOCK
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_FIFO
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_SYM
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_REFER;

    /// <summary>
    /// Connecting, and sending, to sockets in the file system whose servers are outside. Part of none of the others: kernels
    /// before Linux 7.1 (ABI 9) refuse a policy about it.
    /// </summary>
    public const LandlockAccessFs Connect = LandlockAccessFs.LANDLOCK_ACCESS_FS_RESOLVE_UNIX;

    /// <summary>All but <see cref="Connect"/>, of ABI 7.</summary>
    public const LandlockAccessFs All =
        Change
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_EXECUTE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_CHAR
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_BLOCK;
}
