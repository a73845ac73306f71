namespace Tare.Linux.Abi;

/// <summary>Where a signal comes from: si_code. Positive values below SI_KERNEL say more of one signal. sigaction(2).</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SignalOrigin
{
    SI_USER = 0,
    SI_KERNEL = 0x80,
    SI_QUEUE = -1,
    SI_TIMER = -2,
    SI_MESGQ = -3,
    SI_ASYNCIO = -4,
    SI_SIGIO = -5,
    SI_TKILL = -6,
}
