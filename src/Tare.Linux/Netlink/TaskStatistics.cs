using System.Buffers.Binary;

namespace Tare.Linux;

/// <summary>How often and how long a task waited for something. Documentation/accounting/delay-accounting.rst.</summary>
/// <param name="Count">How often.</param>
/// <param name="Nanoseconds">How long altogether.</param>
public readonly record struct TaskDelay(ulong Count, ulong Nanoseconds)
{
    /// <summary>The longest time, in nanoseconds; 0 before version 16 (Linux 6.16).</summary>
    public ulong Longest { get; init; }

    /// <summary>The shortest time that was none too short to count, in nanoseconds; 0 before version 16 (Linux 6.16).</summary>
    public ulong Shortest { get; init; }

    /// <summary>When the longest was over; null where there was none, and before version 17 (Linux 7).</summary>
    public DateTimeOffset? LongestAt { get; init; }
}

/// <summary>
/// What the kernel counted about a thread, or a process with all its threads. Zeros for what a kernel does not count:
/// delays other than that of the processor need the boot option <c>delayacct</c> or the sysctl kernel.task_delayacct.
/// linux/taskstats.h.
/// </summary>
public sealed record TaskStatistics
{
    private const int Extremes = 432;
    private const int Times = 560;
    private const ulong MostSeconds = 1UL << 36; // some 2,000 years

    /// <summary>The version of the kernel's struct.</summary>
    public required int Version { get; init; }

    /// <summary>The thread; of a whole process 0 (not every field is kept for those).</summary>
    public int ThreadId { get; init; }

    /// <summary>The process. Linux 5.19; 0 before.</summary>
    public int ProcessId { get; init; }

    /// <summary>The parent.</summary>
    public int ParentId { get; init; }

    /// <summary>The user.</summary>
    public uint UserId { get; init; }

    /// <summary>The group.</summary>
    public uint GroupId { get; init; }

    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it ended; only of what has.</summary>
    public ExitStatus Exit { get; init; }

    /// <summary>It was the last of its process's threads to end. Linux 5.19.</summary>
    public bool IsLastThread { get; init; }

    /// <summary>Time from its start to now, or its end, in microseconds.</summary>
    public ulong ElapsedMicroseconds { get; init; }

    /// <summary>CPU time in user mode, in microseconds.</summary>
    public ulong UserMicroseconds { get; init; }

    /// <summary>CPU time in the kernel, in microseconds.</summary>
    public ulong SystemMicroseconds { get; init; }

    /// <summary>CPU time as the scheduler counts it, in nanoseconds.</summary>
    public ulong CpuNanoseconds { get; init; }

    /// <summary>Page faults without I/O.</summary>
    public ulong MinorFaults { get; init; }

    /// <summary>Page faults with I/O.</summary>
    public ulong MajorFaults { get; init; }

    /// <summary>The most memory that was resident at a time, in bytes.</summary>
    public ulong PeakResidentBytes { get; init; }

    /// <summary>The most that the address space ever was, in bytes.</summary>
    public ulong PeakVirtualBytes { get; init; }

    /// <summary>Bytes fetched from disks.</summary>
    public ulong ReadBytes { get; init; }

    /// <summary>Bytes that were to go to disks.</summary>
    public ulong WrittenBytes { get; init; }

    /// <summary>Context switches while it waited.</summary>
    public ulong VoluntarySwitches { get; init; }

    /// <summary>Context switches because its time was up.</summary>
    public ulong InvoluntarySwitches { get; init; }

    /// <summary>Waited for a processor.</summary>
    public TaskDelay Cpu { get; init; }

    /// <summary>Waited for disks.</summary>
    public TaskDelay BlockIo { get; init; }

    /// <summary>Waited for pages to be swapped in.</summary>
    public TaskDelay SwapIn { get; init; }

    /// <summary>Waited for pages to be freed.</summary>
    public TaskDelay Reclaim { get; init; }

    /// <summary>Waited for pages that had been dropped just before.</summary>
    public TaskDelay Thrashing { get; init; }

    /// <summary>Waited for memory to be moved together.</summary>
    public TaskDelay Compaction { get; init; }

    /// <summary>Waited for pages to be copied on writing.</summary>
    public TaskDelay WriteProtectCopy { get; init; }

    /// <summary>Was kept from running by interrupts. Version 14 (Linux 6.5), with CONFIG_IRQ_TIME_ACCOUNTING.</summary>
    public TaskDelay Interrupts { get; init; }

    /// <summary>Takes a struct taskstats apart, of whatever version: fields behind its end are zero.</summary>
    /// <exception cref="FormatException">It is too short to be one.</exception>
    public static TaskStatistics Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 216)
        {
            throw new FormatException("no struct taskstats");
        }

        return new()
        {
            Version = BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            Exit = ExitStatus.FromWaitStatus((int)UInt32(bytes, 4)),
            IsLastThread = (bytes[8] & 0x20) != 0,
            Cpu = Delay(bytes, 16, 0),
            BlockIo = Delay(bytes, 32, 1),
            SwapIn = Delay(bytes, 48, 2),
            CpuNanoseconds = UInt64(bytes, 72),
            Name = ProcText.String(Name80(bytes)),
            UserId = UInt32(bytes, 120),
            GroupId = UInt32(bytes, 124),
            ThreadId = (int)UInt32(bytes, 128),
            ParentId = (int)UInt32(bytes, 132),
            ElapsedMicroseconds = UInt64(bytes, 144),
            UserMicroseconds = UInt64(bytes, 152),
            SystemMicroseconds = UInt64(bytes, 160),
            MinorFaults = UInt64(bytes, 168),
            MajorFaults = UInt64(bytes, 176),
            PeakResidentBytes = UInt64(bytes, 200) * 1024,
            PeakVirtualBytes = UInt64(bytes, 208) * 1024,
            ReadBytes = UInt64(bytes, 248),
            WrittenBytes = UInt64(bytes, 256),
            VoluntarySwitches = UInt64(bytes, 272),
            InvoluntarySwitches = UInt64(bytes, 280),
            Reclaim = Delay(bytes, 312, 3),
            Thrashing = Delay(bytes, 328, 4),
            Compaction = Delay(bytes, 352, 5),
            ProcessId = (int)UInt32(bytes, 368),
            WriteProtectCopy = Delay(bytes, 400, 6),
            Interrupts = Delay(bytes, 416, 7),
        };
    }

    private static ReadOnlySpan<byte> Name80(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> name = bytes.Slice(80, 32);
        int end = name.IndexOf((byte)0);
        return end < 0 ? name : name[..end];
    }

    // Counts and sums stand where they always did; longest and shortest follow behind all of them, in the order of the delays, and
    // when the longest were behind those.
    private static TaskDelay Delay(ReadOnlySpan<byte> bytes, int offset, int place) =>
        new(UInt64(bytes, offset), UInt64(bytes, offset + 8))
        {
            Longest = UInt64(bytes, Extremes + (place * 16)),
            Shortest = UInt64(bytes, Extremes + (place * 16) + 8),
            LongestAt = Time(UInt64(bytes, Times + (place * 16)), UInt64(bytes, Times + (place * 16) + 8)),
        };

    private static DateTimeOffset? Time(ulong seconds, ulong nanoseconds) =>
        seconds is 0 or > MostSeconds
            ? null
            : DateTimeOffset.FromUnixTimeSeconds((long)seconds).AddTicks((long)(nanoseconds / 100));

    private static ulong UInt64(ReadOnlySpan<byte> bytes, int offset) =>
        bytes.Length >= offset + 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]) : 0;

    private static uint UInt32(ReadOnlySpan<byte> bytes, int offset) =>
        bytes.Length >= offset + 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]) : 0;
}
