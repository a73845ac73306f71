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

    /// <summary>Of that, memory backed by no file.</summary>
    public long ResidentAnonymousBytes { get; init; }

    /// <summary>Of that, files.</summary>
    public long ResidentFileBytes { get; init; }

    /// <summary>Of that, shared memory.</summary>
    public long ResidentSharedBytes { get; init; }

    /// <summary>The address space, in bytes.</summary>
    public long VirtualBytes { get; init; }

    /// <summary>The most that the address space ever was, in bytes.</summary>
    public long PeakVirtualBytes { get; init; }

    /// <summary>Memory that is swapped out, in bytes; without shared memory.</summary>
    public long SwappedBytes { get; init; }

    /// <summary>Locked into memory by mlock(2), in bytes.</summary>
    public long LockedBytes { get; init; }

    /// <summary>Pinned by devices, in bytes.</summary>
    public long PinnedBytes { get; init; }

    /// <summary>Private writable mappings, in bytes.</summary>
    public long DataBytes { get; init; }

    /// <summary>The first thread's stack, in bytes.</summary>
    public long StackBytes { get; init; }

    /// <summary>The program's code, in bytes.</summary>
    public long CodeBytes { get; init; }

    /// <summary>The code of its libraries, in bytes.</summary>
    public long LibraryBytes { get; init; }

    /// <summary>Huge pages of hugetlbfs, in bytes; not part of <see cref="ResidentBytes"/>.</summary>
    public long HugePageBytes { get; init; }

    /// <summary>Page tables, in bytes.</summary>
    public long PageTableBytes { get; init; }

    /// <summary>Context switches while it waited.</summary>
    public long VoluntarySwitches { get; init; }

    /// <summary>Context switches because its time was up.</summary>
    public long InvoluntarySwitches { get; init; }

    /// <summary>The processors that it may run on, as a list of ranges.</summary>
    public string AllowedProcessors { get; init; } = "";

    /// <summary>The memory nodes that it may have memory of, as a list of ranges.</summary>
    public string AllowedMemoryNodes { get; init; } = "";

    /// <summary>It is a thread of the kernel's. Linux 6.7; before, false.</summary>
    public bool IsKernelThread { get; init; }

    /// <summary>Threads.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Its core is being written. Linux 4.15.</summary>
    public bool IsDumpingCore { get; init; }

    /// <summary>Signals to this thread that it has not taken yet.</summary>
    public SignalSet PendingSignals { get; init; }

    /// <summary>Signals to the process that no thread has taken yet.</summary>
    public SignalSet ProcessPendingSignals { get; init; }

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

    /// <summary>Reads that of a process or thread.</summary>
    public static SysResult<ProcStatus> Read(DirectoryFd task)
    {
        SysResult<byte[]> text = Files.ReadAllAt(task, "status", 1 << 20);
        return text.Ok ? new(Parse(text.Value), Errno.None) : new(null!, text.Errno);
    }

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
            "Name" => status with { Name = NameOf(value) },
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
            "VmHWM" => status with { PeakResidentBytes = ProcText.Kibibytes(fields) },
            "VmRSS" => status with { ResidentBytes = ProcText.Kibibytes(fields) },
            "RssAnon" => status with { ResidentAnonymousBytes = ProcText.Kibibytes(fields) },
            "RssFile" => status with { ResidentFileBytes = ProcText.Kibibytes(fields) },
            "RssShmem" => status with { ResidentSharedBytes = ProcText.Kibibytes(fields) },
            "VmSize" => status with { VirtualBytes = ProcText.Kibibytes(fields) },
            "VmPeak" => status with { PeakVirtualBytes = ProcText.Kibibytes(fields) },
            "VmSwap" => status with { SwappedBytes = ProcText.Kibibytes(fields) },
            "VmLck" => status with { LockedBytes = ProcText.Kibibytes(fields) },
            "VmPin" => status with { PinnedBytes = ProcText.Kibibytes(fields) },
            "VmData" => status with { DataBytes = ProcText.Kibibytes(fields) },
            "VmStk" => status with { StackBytes = ProcText.Kibibytes(fields) },
            "VmExe" => status with { CodeBytes = ProcText.Kibibytes(fields) },
            "VmLib" => status with { LibraryBytes = ProcText.Kibibytes(fields) },
            "HugetlbPages" => status with { HugePageBytes = ProcText.Kibibytes(fields) },
            "VmPTE" => status with { PageTableBytes = ProcText.Kibibytes(fields) },
            "voluntary_ctxt_switches" => status with { VoluntarySwitches = fields.NextInt64() },
            "nonvoluntary_ctxt_switches" => status with { InvoluntarySwitches = fields.NextInt64() },
            "Cpus_allowed_list" => status with { AllowedProcessors = ProcText.String(value.Trim(" \t"u8)) },
            "Mems_allowed_list" => status with { AllowedMemoryNodes = ProcText.String(value.Trim(" \t"u8)) },
            "Kthread" => status with { IsKernelThread = fields.NextInt32() == 1 },
            "Threads" => status with { ThreadCount = fields.NextInt32() },
            "CoreDumping" => status with { IsDumpingCore = fields.NextInt32() == 1 },
            "SigPnd" => status with { PendingSignals = new(Hex(value)) },
            "ShdPnd" => status with { ProcessPendingSignals = new(Hex(value)) },
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

    // Behind one tab, as it is but for newlines and backslashes, which stand as \n and \\.
    private static string NameOf(ReadOnlySpan<byte> value)
    {
        value = value.StartsWith("\t"u8) ? value[1..] : value;
        byte[] name = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool escaped = value[i] == '\\' && i + 1 < value.Length && value[i + 1] is (byte)'n' or (byte)'\\';
            name[length++] =
                !escaped ? value[i]
                : value[++i] == 'n' ? (byte)'\n'
                : (byte)'\\';
        }

        return Encoding.UTF8.GetString(name.AsSpan(0, length));
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
