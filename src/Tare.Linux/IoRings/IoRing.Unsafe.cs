using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

public sealed partial class IoRing
{
    private const ulong AtPosition = ulong.MaxValue; // the file's own position

    /// <summary>Queues nothing, which is answered too. False, as with all requests: the queue is full, submit first.</summary>
    public bool AddNop(ulong token) =>
        Add(new() { Operation = IoRingOperation.IORING_OP_NOP }, null, new(token, default));

    /// <summary>Queues a read. The memory must not be used until it is answered; it does not move until then. read(2).</summary>
    /// <param name="file">The file; may be closed once it was submitted.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="token">Comes back with the answer.</param>
    /// <param name="offset">Where in the file; null is its own position.</param>
    public bool AddRead(FileDescriptor file, Memory<byte> buffer, ulong token, long? offset = null) =>
        AddTransfer(IoRingOperation.IORING_OP_READ, file, buffer, token, offset);

    /// <summary>Queues a write. The memory must not be changed until it is answered. write(2).</summary>
    /// <param name="file">The file; may be closed once it was submitted.</param>
    /// <param name="buffer">What.</param>
    /// <param name="token">Comes back with the answer.</param>
    /// <param name="offset">Where in the file; null is its own position.</param>
    public bool AddWrite(FileDescriptor file, ReadOnlyMemory<byte> buffer, ulong token, long? offset = null) =>
        AddTransfer(IoRingOperation.IORING_OP_WRITE, file, buffer, token, offset);

    /// <summary>Queues a wait until a file is ready; the answer has its events. poll(2).</summary>
    public bool AddPoll(FileDescriptor file, PollEvents events, ulong token) =>
        Add(
            new() { Operation = IoRingOperation.IORING_OP_POLL_ADD, OperationFlags = (uint)events },
            file,
            new(token, default)
        );

    /// <summary>Queues a wait for a child; the answer has what it did. waitid(2), Linux 6.7: EINVAL before.</summary>
    public bool AddWaitId(PidFd child, WaitOptions options, ulong token)
    {
        byte[] info = GC.AllocateArray<byte>(Unsafe.SizeOf<SigInfo>(), pinned: true);
        Memory<byte> memory = info;
        MemoryHandle pin = memory.Pin();
        IoRingRequest request = new()
        {
            Operation = IoRingOperation.IORING_OP_WAITID,
            Offset = AddressOf(pin),
            Length = (uint)WaitIdType.P_PIDFD,
            FileIndex = (uint)options,
        };
        return Add(request, child, new(token, pin, info));
    }

    /// <summary>Queues a message that another ring has as an answer. IORING_OP_MSG_RING, Linux 5.18.</summary>
    /// <param name="target">The other ring.</param>
    /// <param name="value">The answer's result there.</param>
    /// <param name="message">The answer's token there, below 2⁶³.</param>
    /// <param name="token">Comes back with the answer here.</param>
    public bool AddMessage(IoRingFd target, int value, ulong message, ulong token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(message, Own);
        IoRingRequest request = new()
        {
            Operation = IoRingOperation.IORING_OP_MSG_RING,
            Length = (uint)value,
            Offset = message,
        };
        return Add(request, target, new(token, default));
    }

    private bool AddTransfer(
        IoRingOperation operation,
        FileDescriptor file,
        ReadOnlyMemory<byte> buffer,
        ulong token,
        long? offset
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset ?? 0, nameof(offset));
        MemoryHandle pin = buffer.Pin();
        IoRingRequest request = new()
        {
            Operation = operation,
            Address = AddressOf(pin),
            Length = (uint)buffer.Length,
            Offset = offset is { } place ? (ulong)place : AtPosition,
        };
        return Add(request, file, new(token, pin));
    }

    private bool Add(IoRingRequest request, FileDescriptor? file, Pending waiting)
    {
        Span<byte> shared = rings.GetSpan();
        ref uint tail = ref Word(shared, parameters.Submission.Tail);
        uint at = tail;
        if (at - Volatile.Read(ref Word(shared, parameters.Submission.Head)) >= parameters.SubmissionEntries)
        {
            waiting.Pin.Dispose();
            return false;
        }

        request.Descriptor = -1;
        if (file is not null)
        {
            bool added = false;
            file.DangerousAddRef(ref added);
            held.Add(file);
            request.Descriptor = file.Number;
        }

        request.Token = Own | next++;
        pending.Add(request.Token, waiting);
        uint place = at & (parameters.SubmissionEntries - 1);
        MemoryMarshal.Write(entries.GetSpan()[(int)(place * RequestSize)..], in request);
        Word(shared, parameters.Submission.Array + (place * sizeof(uint))) = place;
        Volatile.Write(ref tail, at + 1);
        queued++;
        return true;
    }

    private static unsafe ulong AddressOf(MemoryHandle pin) =>
        // SAFETY: the number only; the memory is pinned until the request is answered.
        (ulong)pin.Pointer;
}
