using System.Globalization;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What /proc/PID/status tells of identity and confinement. Lines that a kernel lacks leave the default. proc_pid_status(5).</summary>
public sealed record ProcStatus
{
    /// <summary>The program's name, cut to 15 bytes.</summary>
    public string Name { get; init; } = "";

    /// <summary>The state's letter; see <see cref="ProcStat.State"/>.</summary>
    public char State { get; init; }

    /// <summary>The umask, since Linux 4.7.</summary>
    public FileModes Umask { get; init; }

    /// <summary>The process's number.</summary>
    public int ThreadGroupId { get; init; }

    /// <summary>The thread's number.</summary>
    public int ProcessId { get; init; }

    /// <summary>The parent's number.</summary>
    public int ParentId { get; init; }

    /// <summary>Who traces it, or 0.</summary>
    public int TracerId { get; init; }

    /// <summary>The users.</summary>
    public ProcessIds Users { get; init; }

    /// <summary>The groups.</summary>
    public ProcessIds Groups { get; init; }

    /// <summary>The further groups.</summary>
    public IReadOnlyList<uint> SupplementaryGroups { get; init; } = [];

    /// <summary>Its numbers in its PID namespace's ancestors, from that of /proc to its own.</summary>
    public IReadOnlyList<int> NamespaceProcessIds { get; init; } = [];

    /// <summary>The most memory that was resident at a time, in bytes.</summary>
    public long PeakResidentBytes { get; init; }

    /// <summary>Memory that is resident, in bytes.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Threads.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Signals that are held back.</summary>
    public SignalSet BlockedSignals { get; init; }

    /// <summary>Signals that are ignored.</summary>
    public SignalSet IgnoredSignals { get; init; }

    /// <summary>Signals that have a handler.</summary>
    public SignalSet CaughtSignals { get; init; }

    /// <summary>Capabilities in force, permitted and inheritable.</summary>
    public CapabilityState Capabilities { get; init; }

    /// <summary>Capabilities that execve can still give.</summary>
    public CapabilitySet BoundingSet { get; init; }

    /// <summary>Capabilities that are kept over execve.</summary>
    public CapabilitySet AmbientSet { get; init; }

    /// <summary>execve gives no more rights.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>0 no seccomp, 1 strict, 2 filters.</summary>
    public int SeccompMode { get; init; }

    /// <summary>How many filters, since Linux 5.9.</summary>
    public int SeccompFilters { get; init; }

    /// <summary>Reads it. ENOENT or ESRCH: there is no such process.</summary>
    public static SysResult<ProcStatus> Read(int processId) => Read($"/proc/{processId}/status");

    /// <summary>Reads that of the calling thread.</summary>
    public static SysResult<ProcStatus> ReadOwn() => Read("/proc/thread-self/status");

    /// <summary>Takes the text apart: a name, a colon, a value on every line.</summary>
    /// <exception cref="FormatException">A value is not what its name promises.</exception>
    public static ProcStatus Parse(ReadOnlySpan<byte> text)
    {
        ProcStatus status = new();
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                status = With(status, line[..colon], line[(colon + 1)..]);
            }
        }

        return status;
    }

    private static SysResult<ProcStatus> Read(BytePath path)
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, path, 1 << 20);
        return text.Ok ? new(Parse(text.Value), Errno.None) : new(null!, text.Errno);
    }

    private static ProcStatus With(ProcStatus status, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        TextFields fields = new(value);
        return Encoding.UTF8.GetString(name) switch
        {
            "Name" => status with { Name = Encoding.UTF8.GetString(value.Trim(" \t"u8)) },
            "State" => status with { State = Letter(fields.Next()) },
            "Umask" => status with { Umask = (FileModes)Octal(fields.Next()) },
            "Tgid" => status with { ThreadGroupId = fields.NextInt32() },
            "Pid" => status with { ProcessId = fields.NextInt32() },
            "PPid" => status with { ParentId = fields.NextInt32() },
            "TracerPid" => status with { TracerId = fields.NextInt32() },
            "Uid" => status with { Users = Ids(fields) },
            "Gid" => status with { Groups = Ids(fields) },
            "Groups" => status with { SupplementaryGroups = Unsigned(value) },
            "NSpid" => status with { NamespaceProcessIds = Numbers(value) },
            "VmHWM" => status with { PeakResidentBytes = Kibibytes(fields) },
            "VmRSS" => status with { ResidentBytes = Kibibytes(fields) },
            "Threads" => status with { ThreadCount = fields.NextInt32() },
            "SigBlk" => status with { BlockedSignals = new(Hex(value)) },
            "SigIgn" => status with { IgnoredSignals = new(Hex(value)) },
            "SigCgt" => status with { CaughtSignals = new(Hex(value)) },
            "CapInh" => status with { Capabilities = status.Capabilities with { Inheritable = new(Hex(value)) } },
            "CapPrm" => status with { Capabilities = status.Capabilities with { Permitted = new(Hex(value)) } },
            "CapEff" => status with { Capabilities = status.Capabilities with { Effective = new(Hex(value)) } },
            "CapBnd" => status with { BoundingSet = new(Hex(value)) },
            "CapAmb" => status with { AmbientSet = new(Hex(value)) },
            "NoNewPrivs" => status with { NoNewPrivileges = fields.NextInt32() == 1 },
            "Seccomp" => status with { SeccompMode = fields.NextInt32() },
            "Seccomp_filters" => status with { SeccompFilters = fields.NextInt32() },
            _ => status,
        };
    }

    private static char Letter(ReadOnlySpan<byte> field) =>
        field.Length == 1 ? (char)field[0] : throw new FormatException("no state of one letter");

    private static uint Octal(ReadOnlySpan<byte> field)
    {
        uint value = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > 0xfff)
            {
                throw new FormatException("no octal number");
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    private static ulong Hex(ReadOnlySpan<byte> value) =>
        ulong.TryParse(
            value.Trim(" \t"u8),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out ulong number
        )
            ? number
            : throw new FormatException($"'{Encoding.UTF8.GetString(value)}' where a hexadecimal number was expected");

    private static long Kibibytes(TextFields fields) =>
        fields.NextInt64() is >= 0 and <= long.MaxValue / 1024 and long amount
            ? amount * 1024
            : throw new FormatException("no amount of memory");

    private static ProcessIds Ids(TextFields fields) =>
        new(fields.NextUInt32(), fields.NextUInt32(), fields.NextUInt32(), fields.NextUInt32());

    private static List<uint> Unsigned(ReadOnlySpan<byte> value)
    {
        List<uint> numbers = [];
        TextFields fields = new(value.Trim(" \t"u8));
        while (!fields.Rest.IsEmpty)
        {
            numbers.Add(fields.NextUInt32());
        }

        return numbers;
    }

    private static List<int> Numbers(ReadOnlySpan<byte> value)
    {
        List<int> numbers = [];
        TextFields fields = new(value.Trim(" \t"u8));
        while (!fields.Rest.IsEmpty)
        {
            numbers.Add(fields.NextInt32());
        }

        return numbers;
    }
}
