using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Tare.Linux;

/// <summary>What a <see cref="LoginRecord"/> is about: its ut_type. utmp(5).</summary>
public enum LoginRecordType : short
{
    /// <summary>Nothing: the record is free.</summary>
    Empty = 0,

    /// <summary>The run level was changed; its letter and the one before are in the number of the process.</summary>
    RunLevel = 1,

    /// <summary>The machine was started.</summary>
    BootTime = 2,

    /// <summary>The clock as it was set.</summary>
    NewTime = 3,

    /// <summary>The clock before it was set.</summary>
    OldTime = 4,

    /// <summary>A process that init made.</summary>
    InitProcess = 5,

    /// <summary>A program that asks for a name and password.</summary>
    LoginProcess = 6,

    /// <summary>Somebody is logged in.</summary>
    UserProcess = 7,

    /// <summary>The process has ended.</summary>
    DeadProcess = 8,

    /// <summary>Not in use.</summary>
    Accounting = 9,
}

/// <summary>
/// A session, or an event of the machine, as login programs write it into /run/utmp (who is there) and /var/log/wtmp (who was):
/// struct utmp. Whoever may write those files writes what he likes. Newer systems have neither. utmp(5).
/// </summary>
/// <param name="Type">What it is about.</param>
/// <param name="ProcessId">The session's first process, in the PID namespace of who wrote it.</param>
/// <param name="Line">The terminal, without /dev/.</param>
/// <param name="Id">The terminal's short name, of at most 4 bytes.</param>
/// <param name="User">The user's name.</param>
/// <param name="Host">Where the session comes from; of the machine's start the kernel's release.</param>
/// <param name="Status">How the process ended, where it did.</param>
/// <param name="Session">The number of the session, for windows.</param>
/// <param name="Time">When it was written, to the microsecond.</param>
/// <param name="Address">Where the session comes from; null where that is nowhere.</param>
public sealed record LoginRecord(
    LoginRecordType Type,
    int ProcessId,
    string Line,
    string Id,
    string User,
    string Host,
    ExitStatus Status,
    long Session,
    DateTimeOffset Time,
    IPAddress? Address
)
{
    private const int LineAt = 8;
    private const int LineSize = 32;
    private const int IdAt = 40;
    private const int IdSize = 4;
    private const int UserAt = 44;
    private const int UserSize = 32;
    private const int HostAt = 76;
    private const int HostSize = 256;
    private const int SignalAt = 332;
    private const int ExitAt = 334;
    private const int SessionAt = 336;
    private const int AddressSize = 16;

    /// <summary>The size of a record in bytes, on this processor.</summary>
    public static int Size => SizeOf(HasLongTimes);

    // On x64 the times have 32 bits, so that programs of 32 bits can read them; on arm64 nobody thought of that.
    internal static bool HasLongTimes => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Takes a file of records apart, free ones included; what is behind the last whole one is left.</summary>
    public static IReadOnlyList<LoginRecord> ParseAll(ReadOnlySpan<byte> file) => ParseAll(file, HasLongTimes);

    internal static IReadOnlyList<LoginRecord> ParseAll(ReadOnlySpan<byte> file, bool longTimes)
    {
        List<LoginRecord> records = [];
        for (int size = SizeOf(longTimes); file.Length >= size; file = file[size..])
        {
            records.Add(Parse(file[..size], longTimes));
        }

        return records;
    }

    private static int SizeOf(bool longTimes) => longTimes ? 400 : 384;

    private static LoginRecord Parse(ReadOnlySpan<byte> record, bool longTimes)
    {
        ReadOnlySpan<byte> times = record[SessionAt..];
        (long session, long seconds, long microseconds, int end) = longTimes
            ? (Int64(times), Int64(times[8..]), Int64(times[16..]), 24)
            : (Int32(times), Int32(times[4..]), Int32(times[8..]), 12);
        byte signal = record[SignalAt];
        byte exit = record[ExitAt];
        return new(
            (LoginRecordType)BinaryPrimitives.ReadInt16LittleEndian(record),
            Int32(record[4..]),
            Text(record.Slice(LineAt, LineSize)),
            Text(record.Slice(IdAt, IdSize)),
            Text(record.Slice(UserAt, UserSize)),
            Text(record.Slice(HostAt, HostSize)),
            ExitStatus.FromWaitStatus((exit << 8) | (signal & 0x7f)),
            session,
            TimeOf(seconds, microseconds),
            AddressOf(times.Slice(end, AddressSize))
        );
    }

    // Whatever is written: a time that cannot be is the nearest that can.
    internal static DateTimeOffset TimeOf(long seconds, long microseconds)
    {
        long least = DateTimeOffset.MinValue.ToUnixTimeSeconds();
        long most = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return DateTimeOffset
            .FromUnixTimeSeconds(Math.Clamp(seconds, least, most))
            .AddTicks(Math.Clamp(microseconds, 0, 999_999) * TimeSpan.TicksPerMicrosecond);
    }

    internal static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return ProcText.String(end < 0 ? field : field[..end]);
    }

    // Of version 4 only the first word is written.
    private static IPAddress? AddressOf(ReadOnlySpan<byte> address) =>
        address.IndexOfAnyExcept((byte)0) < 0 ? null
        : address[4..].IndexOfAnyExcept((byte)0) < 0 ? new IPAddress(address[..4])
        : new IPAddress(address);

    private static long Int64(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadInt64LittleEndian(field);

    private static int Int32(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadInt32LittleEndian(field);
}
