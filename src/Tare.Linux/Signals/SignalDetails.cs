using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A signal that came, with what the kernel tells of it. sigaction(2), siginfo_t.</summary>
/// <param name="Signal">Which.</param>
/// <param name="Origin">Where it comes from. A positive number below SI_KERNEL says why the kernel sent it.</param>
/// <param name="ProcessId">
/// The sender in this process's PID namespace, of SIGCHLD the child; 0 where it has none there or the kernel sent it. What a
/// process queues (SI_QUEUE) says what it likes here.
/// </param>
/// <param name="UserId">Its real user; as little to be trusted.</param>
/// <param name="Value">What came with it (SI_QUEUE, SI_TIMER, SI_MESGQ), of SIGCHLD how the child ended, of SIGIO the descriptor.</param>
public readonly record struct SignalDetails(Signal Signal, SignalOrigin Origin, int ProcessId, uint UserId, int Value)
{
    /// <summary>Reads a struct siginfo; x64's and arm64's are the same.</summary>
    internal static SignalDetails From(ReadOnlySpan<byte> info)
    {
        Signal signal = (Signal)BinaryPrimitives.ReadInt32LittleEndian(info);
        SignalOrigin origin = (SignalOrigin)BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        int value = BinaryPrimitives.ReadInt32LittleEndian(info[24..]);
        bool hasSender =
            origin is SignalOrigin.SI_USER or SignalOrigin.SI_QUEUE or SignalOrigin.SI_TKILL or SignalOrigin.SI_MESGQ
            || (signal == Signal.SIGCHLD && origin > 0 && origin < SignalOrigin.SI_KERNEL);
        return hasSender
            ? new(
                signal,
                origin,
                BinaryPrimitives.ReadInt32LittleEndian(info[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(info[20..]),
                origin is SignalOrigin.SI_USER or SignalOrigin.SI_TKILL ? 0 : value
            )
            : new(signal, origin, 0, 0, origin == SignalOrigin.SI_KERNEL ? 0 : value);
    }
}
