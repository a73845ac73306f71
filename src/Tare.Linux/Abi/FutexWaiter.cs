using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>One word that futex_waitv(2) waits on: struct futex_waitv. linux/futex.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FutexWaiter
{
    internal ulong Expected;
    internal ulong Address;
    internal uint Flags;
    internal uint Reserved;
}
