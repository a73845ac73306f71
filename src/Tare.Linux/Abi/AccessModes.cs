namespace Tare.Linux.Abi;

/// <summary>What faccessat2(2) asks about. unistd.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum AccessModes : uint
{
    F_OK = 0,
    X_OK = 1,
    W_OK = 2,
    R_OK = 4,
}
