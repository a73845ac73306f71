using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What the kernel has written of a process that ended: struct acct_v3. acct(5).</summary>
/// <param name="Command">Its name, of at most 15 bytes.</param>
/// <param name="ProcessId">Its number in the PID namespace that is accounted.</param>
/// <param name="ParentId">Its parent's.</param>
/// <param name="UserId">Its real user.</param>
/// <param name="GroupId">Its real group.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Began">When it began, to the second.</param>
/// <param name="Elapsed">How long it lived, to the hundredth.</param>
/// <param name="UserTime">CPU time of its own, to the hundredth and about three digits.</param>
/// <param name="SystemTime">CPU time in the kernel, likewise.</param>
/// <param name="AverageMemoryBytes">Its memory on average, in bytes, about three digits.</param>
/// <param name="MinorFaults">Page faults without I/O, about three digits.</param>
/// <param name="MajorFaults">Page faults with I/O, about three digits.</param>
/// <param name="WasPrivileged">It used a privilege.</param>
/// <param name="DidNotExecute">It was forked and executed nothing.</param>
public sealed record AccountingRecord(
    string Command,
    int ProcessId,
    int ParentId,
    uint UserId,
    uint GroupId,
    ExitStatus Status,
    DateTimeOffset Began,
    TimeSpan Elapsed,
    TimeSpan UserTime,
    TimeSpan SystemTime,
    long AverageMemoryBytes,
    long MinorFaults,
    long MajorFaults,
    bool WasPrivileged,
    bool DidNotExecute
)
{
    /// <summary>The size of a record in bytes.</summary>
    public const int Size = 64;

    private const int Version = 3;
    private const double TicksPerSecond = 100;

    /// <summary>Takes a file of records apart; what is behind the last whole one is left.</summary>
    /// <exception cref="FormatException">A record is of another version, where 3 is CONFIG_BSD_PROCESS_ACCT_V3, or a time is none.</exception>
    public static IReadOnlyList<AccountingRecord> ParseAll(ReadOnlySpan<byte> file)
    {
        List<AccountingRecord> records = [];
        for (; file.Length >= Size; file = file[Size..])
        {
            records.Add(Parse(file[..Size]));
        }

        return records;
    }

    private static AccountingRecord Parse(ReadOnlySpan<byte> record)
    {
        if ((record[1] & 0xf) != Version)
        {
            throw new FormatException($"a record of version {record[1] & 0xf} where 3 was expected");
        }

        ReadOnlySpan<byte> name = record[48..];
        int end = name.IndexOf((byte)0);
        return new(
            ProcText.String(end < 0 ? name : name[..end]),
            BinaryPrimitives.ReadInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            ExitStatus.FromWaitStatus(BinaryPrimitives.ReadInt32LittleEndian(record[4..])),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(record[24..])),
            Elapsing(BinaryPrimitives.ReadSingleLittleEndian(record[28..]) / TicksPerSecond),
            TimeSpan.FromSeconds(Compressed(record[32..]) / TicksPerSecond),
            TimeSpan.FromSeconds(Compressed(record[34..]) / TicksPerSecond),
            Compressed(record[36..]) * 1024,
            Compressed(record[42..]),
            Compressed(record[44..]),
            (record[0] & 0x2) != 0,
            (record[0] & 0x1) != 0
        );
    }

    private static TimeSpan Elapsing(double seconds) =>
        seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException("a time that is none");

    // comp_t: an exponent of 8 in the highest three bits.
    private static long Compressed(ReadOnlySpan<byte> field)
    {
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(field);
        return (long)(value & 0x1fff) << (3 * (value >> 13));
    }
}

/// <summary>The kernel's own list of processes that ended, one for each PID namespace. acct(2).</summary>
public static class ProcessAccounting
{
    /// <summary>
    /// From now on a record is appended for each process of the calling process's PID namespace that ends. EPERM: no
    /// CAP_SYS_PACCT; ENOENT, EACCES: no such file, or no regular one; ENOSYS: no CONFIG_BSD_PROCESS_ACCT.
    /// </summary>
    /// <param name="file">The file, which exists.</param>
    public static SysResult TurnOn(BytePath file) => Interop.Result(Interop.acct(file));

    /// <summary>No longer. EPERM as above.</summary>
    public static SysResult TurnOff() => Interop.Result(Interop.Call(Syscall.acct));
}
