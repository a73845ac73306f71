namespace Tare.Linux.Abi;

/// <summary>What rt_sigprocmask(2) does with the set. asm-generic/signal-defs.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SignalMaskHow
{
    SIG_BLOCK = 0,
    SIG_UNBLOCK = 1,
    SIG_SETMASK = 2,
}
