using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Something that happened to a process or thread; numbers are of the machine's first PID namespace. Which of the fields
/// mean something depends on the kind. linux/cn_proc.h.
/// </summary>
public sealed record ProcessEvent
{
    /// <summary>What happened; PROC_EVENT_NONE: events were lost, because they came faster than they were taken.</summary>
    public required ProcessEventKinds Kind { get; init; }

    /// <summary>When, after the machine's start, in nanoseconds (CLOCK_MONOTONIC).</summary>
    public ulong Nanoseconds { get; init; }

    /// <summary>On which processor.</summary>
    public uint Processor { get; init; }

    /// <summary>To which thread. Of a fork: the new one.</summary>
    public int ThreadId { get; init; }

    /// <summary>To which process. Of a fork: the new one, or the old one where it has a thread more.</summary>
    public int ProcessId { get; init; }

    /// <summary>The parent's process: of forks, ends and core dumps. Of PROC_EVENT_PTRACE: who traces, 0 for nobody.</summary>
    public int ParentId { get; init; }

    /// <summary>The real user or group now: of PROC_EVENT_UID and PROC_EVENT_GID.</summary>
    public uint RealId { get; init; }

    /// <summary>The effective user or group now.</summary>
    public uint EffectiveId { get; init; }

    /// <summary>The name now: of PROC_EVENT_COMM.</summary>
    public string? Name { get; init; }

    /// <summary>How it ended: of PROC_EVENT_EXIT.</summary>
    public ExitStatus? Exit { get; init; }

    /// <summary>It is about a whole process, not one of its further threads.</summary>
    public bool IsProcess => ThreadId == ProcessId;

    /// <summary>The answer to a request: of PROC_EVENT_NONE.</summary>
    internal Errno? Answer { get; init; }

    /// <summary>Takes a struct proc_event apart; null where it is too short or of a kind not known here.</summary>
    public static ProcessEvent? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 20)
        {
            return null;
        }

        ReadOnlySpan<byte> data = bytes[16..];
        ProcessEvent happened = new()
        {
            Kind = (ProcessEventKinds)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            Processor = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            Nanoseconds = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        };
        if (happened.Kind == ProcessEventKinds.PROC_EVENT_NONE)
        {
            return happened with { Answer = (Errno)Word(data, 0) };
        }

        happened = happened with { ThreadId = Word(data, 0), ProcessId = Word(data, 1) };
        return happened.Kind switch
        {
            ProcessEventKinds.PROC_EVENT_FORK when data.Length >= 16 => happened with
            {
                ParentId = Word(data, 1),
                ThreadId = Word(data, 2),
                ProcessId = Word(data, 3),
            },
            ProcessEventKinds.PROC_EVENT_EXEC or ProcessEventKinds.PROC_EVENT_SID when data.Length >= 8 => happened,
            ProcessEventKinds.PROC_EVENT_UID or ProcessEventKinds.PROC_EVENT_GID when data.Length >= 16 => happened with
            {
                RealId = (uint)Word(data, 2),
                EffectiveId = (uint)Word(data, 3),
            },
            ProcessEventKinds.PROC_EVENT_PTRACE when data.Length >= 16 => happened with { ParentId = Word(data, 3) },
            ProcessEventKinds.PROC_EVENT_COMM when data.Length >= 24 => happened with
            {
                Name = ProcText.String(data[8..24].TrimEnd((byte)0)),
            },
            ProcessEventKinds.PROC_EVENT_COREDUMP when data.Length >= 8 => happened with { ParentId = Word(data, 3) },
            ProcessEventKinds.PROC_EVENT_EXIT when data.Length >= 16 => happened with
            {
                Exit = ExitStatus.FromWaitStatus(Word(data, 2)),
                ParentId = Word(data, 5),
            },
            _ => null,
        };
    }

    // Older kernels leave out the last words of some.
    private static int Word(ReadOnlySpan<byte> data, int index) =>
        data.Length >= (index + 1) * 4 ? BinaryPrimitives.ReadInt32LittleEndian(data[(index * 4)..]) : 0;
}
