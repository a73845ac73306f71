using System.Buffers;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Requests to the kernel and its answers in memory that both share: many calls by one, and what waits takes no thread. Owns what
/// requests use until they are answered. For one thread at a time. io_uring(7), Linux 5.6; many systems and containers have none
/// (ENOSYS, EPERM).
/// </summary>
public sealed partial class IoRing : IDisposable
{
    private const uint SingleMapping = 1; // IORING_FEAT_SINGLE_MMAP
    private const nint EntriesOffset = 0x10000000; // IORING_OFF_SQES
    private const ulong Own = 1ul << 63;
    private const int AnswerSize = 16;
    private const int RequestSize = 64;

    private readonly IoRingParameters parameters;
    private readonly MappedMemory rings;
    private readonly MappedMemory entries;
    private readonly Dictionary<ulong, Pending> pending = [];
    private readonly List<FileDescriptor> held = [];
    private ulong next;
    private uint queued;

    private IoRing(IoRingFd ring, IoRingParameters parameters, MappedMemory rings, MappedMemory entries) =>
        (Descriptor, this.parameters, this.rings, this.entries) = (ring, parameters, rings, entries);

    /// <summary>The descriptor: readable when there is an answer. Stays this object's.</summary>
    public IoRingFd Descriptor { get; }

    /// <summary>How many requests can be queued before they are submitted.</summary>
    public int Capacity => (int)parameters.SubmissionEntries;

    /// <summary>How many requests have not been answered yet.</summary>
    public int Outstanding => pending.Count;

    /// <summary>
    /// Makes one. ENOSYS or EPERM: there is none here (kernel.io_uring_disabled, a filter of system calls); EOPNOTSUPP: before
    /// Linux 5.4.
    /// </summary>
    /// <param name="capacity">How many requests can be queued; rounded up to a power of 2.</param>
    /// <param name="flags">With IORING_SETUP_R_DISABLED it takes nothing until <see cref="Enable"/>.</param>
    public static SysResult<IoRing?> Create(int capacity, IoRingFlags flags = IoRingFlags.None)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        IoRingParameters asked = new() { Flags = flags };
        nint raw = Interop.io_uring_setup((uint)capacity, ref asked);
        if (raw < 0)
        {
            return Interop.Failed<IoRing?>(raw);
        }

        IoRingFd ring = new((int)raw);
        Errno errno = Errno.EOPNOTSUPP;
        if ((asked.Features & SingleMapping) != 0)
        {
            uint submissions = asked.Submission.Array + (asked.SubmissionEntries * sizeof(uint));
            uint completions = asked.Completion.DroppedOrContent + (asked.CompletionEntries * AnswerSize);
            SysResult<MappedMemory?> both = Map(ring, (int)Math.Max(submissions, completions), 0);
            SysResult<MappedMemory?> requests = both.Ok
                ? Map(ring, (int)asked.SubmissionEntries * RequestSize, EntriesOffset)
                : both;
            if (requests.Ok)
            {
                return new(new IoRing(ring, asked, both.Value!, requests.Value!), Errno.None);
            }

            both.Value?.Dispose();
            errno = requests.Errno;
        }

        ring.Dispose();
        return new(null, errno);
    }

    /// <summary>
    /// Allows these requests only, for good, so that the ring can be handed to who is not trusted. EBADFD: it was made without
    /// IORING_SETUP_R_DISABLED, or is enabled; EACCES: it was restricted. IORING_REGISTER_RESTRICTIONS, Linux 5.10.
    /// </summary>
    public SysResult Restrict(params ReadOnlySpan<IoRingOperation> allowed)
    {
        const int Register = 11;
        const ushort OfOperation = 1;
        IoRingRestriction[] restrictions = new IoRingRestriction[allowed.Length];
        for (int i = 0; i < allowed.Length; i++)
        {
            restrictions[i] = new() { Kind = OfOperation, What = (byte)allowed[i] };
        }

        using Borrowed ring = new(Descriptor);
        return Interop.Result(Interop.io_uring_register(ring.Number, Register, restrictions));
    }

    /// <summary>Begins to take requests. IORING_REGISTER_ENABLE_RINGS, Linux 5.10.</summary>
    public SysResult Enable()
    {
        const int Register = 12;
        using Borrowed ring = new(Descriptor);
        return Interop.Result(Interop.io_uring_register(ring.Number, Register, default));
    }

    /// <summary>
    /// Hands what is queued to the kernel; the value is how many it took. ETIME: the answers did not come in time, the requests were
    /// taken. Interruptions by signals are passed over. io_uring_enter(2).
    /// </summary>
    /// <param name="wait">Waits until there are so many answers.</param>
    /// <param name="timeout">At most this long, Linux 5.11; null for ever.</param>
    public SysResult<int> Submit(int wait = 0, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wait);
        Deadline deadline = Deadline.After(timeout);
        using Borrowed ring = new(Descriptor);
        int taken = 0;
        while (true)
        {
            nint raw = Interop.io_uring_enter(ring.Number, queued, (uint)wait, deadline.RemainingNanoseconds);
            if (raw > 0)
            {
                taken += (int)raw;
                queued -= (uint)raw;
            }

            if (raw < 0 && !Interop.Interrupted(raw))
            {
                // The kernel says how many it took, or why it waited in vain.
                Forget();
                return new(taken, Interop.ErrnoOf(raw));
            }

            bool answered = wait == 0 || Ready >= wait;
            if (raw >= 0 && (queued == 0 || raw == 0) && answered)
            {
                Forget();
                return new(taken, Errno.None);
            }
        }
    }

    /// <summary>Takes an answer; null where there is none.</summary>
    public IoRingCompletion? Take()
    {
        Span<byte> shared = rings.GetSpan();
        ref uint head = ref Word(shared, parameters.Completion.Head);
        uint at = Volatile.Read(ref head);
        if (at == Volatile.Read(ref Word(shared, parameters.Completion.Tail)))
        {
            return null;
        }

        uint place = at & (parameters.CompletionEntries - 1);
        IoRingAnswer answer = MemoryMarshal.Read<IoRingAnswer>(
            shared[(int)(parameters.Completion.DroppedOrContent + (place * AnswerSize))..]
        );
        Volatile.Write(ref head, at + 1);
        SysResult<int> result = answer.Result < 0 ? new(0, (Errno)(-answer.Result)) : new(answer.Result, Errno.None);
        if (!pending.Remove(answer.Token, out Pending? request))
        {
            // Another ring's message.
            return new(answer.Token, result);
        }

        request.Pin.Dispose();
        SigInfo? child = request.Info is { } info && result.Ok ? MemoryMarshal.Read<SigInfo>(info) : null;
        return new(request.Token, result, child);
    }

    /// <summary>Closes it: the kernel gives up what it can of what is outstanding, and answers no more.</summary>
    public void Dispose()
    {
        if (Descriptor.IsClosed)
        {
            return;
        }

        // What is outstanding stays pinned for good: closing does not wait for what the kernel may still write.
        Forget();
        rings.Dispose();
        entries.Dispose();
        Descriptor.Dispose();
    }

    private uint Ready =>
        Volatile.Read(ref Word(rings.GetSpan(), parameters.Completion.Tail))
        - Volatile.Read(ref Word(rings.GetSpan(), parameters.Completion.Head));

    private static SysResult<MappedMemory?> Map(IoRingFd ring, int length, nint offset)
    {
        SysResult<nint> mapped = OwnMappings.Map(
            ring,
            (nuint)length,
            ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE,
            MapFlags.MAP_SHARED | MapFlags.MAP_POPULATE,
            offset: offset
        );
        return new(mapped.Ok ? MappedMemory.Of(mapped.Value, length) : null, mapped.Errno);
    }

    private static ref uint Word(Span<byte> memory, uint offset) =>
        ref MemoryMarshal.AsRef<uint>(memory.Slice((int)offset, sizeof(uint)));

    // The kernel has its own hold on the files of what it took.
    private void Forget()
    {
        if (queued == 0)
        {
            held.ForEach(file => file.DangerousRelease());
            held.Clear();
        }
    }

    private sealed record Pending(ulong Token, MemoryHandle Pin, byte[]? Info = null);
}
