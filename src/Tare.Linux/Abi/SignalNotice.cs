using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>How somebody is told: the fields of struct sigevent that mq_notify(2) reads. asm-generic/siginfo.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SignalNotice
{
    internal ulong Value;
    internal Signal Signal;
    internal int How;
}
