namespace Tare.Linux.Abi;

/// <summary>What kcmp(2) compares. linux/kcmp.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum CompareKind
{
    KCMP_FILE = 0,
    KCMP_VM = 1,
    KCMP_FILES = 2,
    KCMP_FS = 3,
    KCMP_SIGHAND = 4,
    KCMP_IO = 5,
    KCMP_SYSVSEM = 6,
}
