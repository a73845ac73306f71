using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A delegation: struct delegation. linux/fcntl.h, Linux 6.19.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileDelegation
{
    private readonly uint _flags;

    /// <summary>F_RDLCK, F_WRLCK or F_UNLCK.</summary>
    public FileLockType Type;

    private readonly ushort _padding;
}
