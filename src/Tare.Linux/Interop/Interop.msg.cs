using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>msgsnd(2): the message begins with its type, 8 bytes.</summary>
    internal static unsafe nint msgsnd(int queue, ReadOnlySpan<byte> typed, SystemVFlags flags)
    {
        // SAFETY: pinned during the call; the length passed is without the type.
        fixed (byte* address = typed)
        {
            return Call(Syscall.msgsnd, queue, (nint)address, typed.Length - sizeof(long), (nint)(int)flags);
        }
    }

    /// <summary>msgrcv(2): the message begins with its type, 8 bytes.</summary>
    internal static unsafe nint msgrcv(int queue, Span<byte> typed, long type, SystemVFlags flags)
    {
        // SAFETY: pinned during the call; the length passed is without the type.
        fixed (byte* address = typed)
        {
            return Call(
                Syscall.msgrcv,
                queue,
                (nint)address,
                typed.Length - sizeof(long),
                (nint)type,
                (nint)(int)flags
            );
        }
    }

    /// <summary>The control calls of System V that write a status.</summary>
    internal static unsafe nint systemv_stat(Syscall call, int id, Span<byte> status)
    {
        const int Largest = 120;
        if (status.Length < Largest)
        {
            throw new ArgumentException("no kernel's status is longer than 120 bytes, this is shorter", nameof(status));
        }

        // SAFETY: pinned during the call and as large as the largest of the three structs. semctl(2) has a number in between.
        fixed (byte* address = status)
        {
            return call == Syscall.semctl
                ? Call(call, id, 0, (nint)(int)SystemVCommand.IPC_STAT, (nint)address)
                : Call(call, id, (nint)(int)SystemVCommand.IPC_STAT, (nint)address);
        }
    }
}
