namespace Tare.Linux.Abi;

/// <summary>What became of a child, in a siginfo's code. waitid(2), asm-generic/siginfo.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum ChildCode
{
    None = 0,
    CLD_EXITED = 1,
    CLD_KILLED = 2,
    CLD_DUMPED = 3,
    CLD_TRAPPED = 4,
    CLD_STOPPED = 5,
    CLD_CONTINUED = 6,
}
