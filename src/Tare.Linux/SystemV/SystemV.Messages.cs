using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class SystemV
{
    /// <summary>
    /// The number of a queue with that key, or with IPC_CREAT of a new one. ENOENT, EEXIST; ENOSPC: kernel.msgmni. msgget(2).
    /// </summary>
    public static SysResult<int> GetQueue(int key, SystemVFlags flags, FileModes mode = FileModes.None) =>
        Interop.IntResult(Interop.Call(Syscall.msgget, key, Flags(flags, mode)));

    /// <summary>How many messages wait, and how many bytes they may have together. msgctl(2), IPC_STAT.</summary>
    public static SysResult<(long Messages, long MaximumBytes)> GetQueueStatus(int queue)
    {
        Span<byte> status = stackalloc byte[StatusSize];
        nint raw = Interop.systemv_stat(Syscall.msgctl, queue, status);
        return new(
            (
                BinaryPrimitives.ReadInt64LittleEndian(status[80..]),
                BinaryPrimitives.ReadInt64LittleEndian(status[88..])
            ),
            Interop.ErrnoOf(raw)
        );
    }

    /// <summary>
    /// Sends. EAGAIN: it is full, and the call does not wait; EIDRM: the queue was removed; EINVAL: the type is not above zero, or
    /// the message longer than kernel.msgmax. Interruptions by signals are passed over. msgsnd(2).
    /// </summary>
    public static SysResult Send(int queue, long type, ReadOnlySpan<byte> message, bool wait = true)
    {
        byte[] typed = new byte[sizeof(long) + message.Length];
        BinaryPrimitives.WriteInt64LittleEndian(typed, type);
        message.CopyTo(typed.AsSpan(sizeof(long)));
        nint raw;
        do
        {
            raw = Interop.msgsnd(queue, typed, wait ? SystemVFlags.None : SystemVFlags.IPC_NOWAIT);
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }

    /// <summary>
    /// Takes a message. ENOMSG: there is none, and the call does not wait; EIDRM: the queue was removed; E2BIG: it is longer than
    /// allowed. Interruptions by signals are passed over. msgrcv(2).
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="type">Of that type; 0: any; below zero: of the lowest type up to that number.</param>
    /// <param name="longest">The longest that is taken, in bytes.</param>
    /// <param name="wait">Waits for one.</param>
    public static SysResult<(long Type, byte[] Message)> Receive(int queue, long type, int longest, bool wait = true)
    {
        byte[] typed = new byte[sizeof(long) + longest];
        nint raw;
        do
        {
            raw = Interop.msgrcv(queue, typed, type, wait ? SystemVFlags.None : SystemVFlags.IPC_NOWAIT);
        } while (Interop.Interrupted(raw));

        return raw < 0
            ? Interop.Failed<(long, byte[])>(raw)
            : new(
                (BinaryPrimitives.ReadInt64LittleEndian(typed), typed[sizeof(long)..(sizeof(long) + (int)raw)]),
                Errno.None
            );
    }

    /// <summary>Removes a queue with what is in it; who waits gets EIDRM. msgctl(2), IPC_RMID.</summary>
    public static SysResult RemoveQueue(int queue) =>
        Interop.Result(Interop.Call(Syscall.msgctl, queue, (nint)(int)SystemVCommand.IPC_RMID));
}
