namespace Tare.Linux.Abi;

/// <summary>The types of locks and leases of fcntl(2). asm-generic/fcntl.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FileLockType : short
{
    F_RDLCK = 0,
    F_WRLCK = 1,
    F_UNLCK = 2,
}
