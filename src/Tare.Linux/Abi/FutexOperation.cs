namespace Tare.Linux.Abi;

/// <summary>The operations of futex(2) that Tare uses, with their flags. linux/futex.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FutexOperation
{
    FUTEX_WAIT = 0,
    FUTEX_WAKE = 1,
    FUTEX_CMP_REQUEUE = 4,
    FUTEX_UNLOCK_PI = 7,
    FUTEX_LOCK_PI2 = 13,
    FUTEX_PRIVATE_FLAG = 0x80,
}
