using System.Collections.Immutable;

namespace Tare.Processes;

/// <summary>How strong the walls of a sandbox are.</summary>
public enum SandboxLevel
{
    /// <summary>
    /// One process that the kernel holds back: Landlock, a filter of system calls, limits, no capability. Needs no privilege,
    /// and works wherever Landlock does. The program sees the machine's processes, and its files by name; of files that are its
    /// user's it can change permissions and times, which Landlock does not know.
    /// </summary>
    Process,

    /// <summary>
    /// All that, in namespaces of its own: a root with nothing but what is named, its own processes, no network, hostname and
    /// IPC of its own. Needs root, or a kernel that lets users make user namespaces.
    /// </summary>
    Container,
}

/// <summary>What of the network a sandbox has.</summary>
public enum SandboxNetwork
{
    /// <summary>Nothing; at <see cref="SandboxLevel.Container"/> a loopback interface of its own.</summary>
    None,

    /// <summary>The machine's.</summary>
    Host,
}

/// <summary>
/// What a program that is not trusted may do and use. The defaults are meant for running what a stranger sent: the system's
/// programs and libraries to read, an empty /tmp, no network, 512 MiB, one processor, 64 processes, a minute. Whoever starts the
/// same program again with the same object starts it a little sooner: it is planned once.
/// </summary>
public sealed record SandboxOptions
{
    /// <summary>How strong the walls are.</summary>
    public SandboxLevel Level { get; init; } = SandboxLevel.Container;

    /// <summary>
    /// What cannot be had here (a level, a cgroup) is replaced by the next weaker thing, and said in
    /// <see cref="SandboxResult.Missing"/>, instead of failing.
    /// </summary>
    public bool AllowWeaker { get; init; }

    /// <summary>Files and directories that can be read, and executed from, under the same paths.</summary>
    public ImmutableArray<string> ReadOnly { get; init; } = [];

    /// <summary>Files and directories that can be changed, under the same paths.</summary>
    public ImmutableArray<string> ReadWrite { get; init; } = [];

    /// <summary>
    /// The system's programs, libraries and settings can be read, as far as everybody may read them: /usr, /bin, /lib, /etc and the
    /// like.
    /// </summary>
    public bool System { get; init; } = true;

    /// <summary>Where the program starts; null is its /tmp.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables beside PATH, HOME, TMPDIR and LANG; nothing of this process's environment gets in.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Who the program is, as it sees it itself. Null is for root user and group 65534: at <see cref="SandboxLevel.Container"/> it
    /// has what of <see cref="ReadOnly"/> and <see cref="ReadWrite"/> is root's as its own (id-mapped mounts), at
    /// <see cref="SandboxLevel.Process"/> that must be open to it (EACCES). For others it is at the one 0, without any of root's
    /// rights, and at the other this process's own. With CAP_SETUID and CAP_SETGID it is anybody.
    /// Without, at <see cref="SandboxLevel.Container"/>, any number stands for this process's own user and group, and
    /// supplementary groups for numbers that /etc/subgid grants, through newgidmap(1); at <see cref="SandboxLevel.Process"/> there
    /// are only this process's own. What cannot be had is refused (EPERM).
    /// </summary>
    public ProcessCredentials? User { get; init; }

    /// <summary>
    /// At <see cref="SandboxLevel.Container"/> another process, which does nothing else, is the first one of the sandbox and
    /// takes orphans away. Without it the program itself is: signals without a handler do not end it then, not even those that
    /// it sends itself (abort(3) ends as SIGSEGV), and processes that lose their parents stay zombies unless it waits for them.
    /// pid_namespaces(7).
    /// </summary>
    public bool Init { get; init; } = true;

    /// <summary>What of the network there is.</summary>
    public SandboxNetwork Network { get; init; }

    /// <summary>
    /// With <see cref="SandboxNetwork.Host"/>: where the program may connect and send to; default is anywhere. Root, cgroup v2:
    /// <see cref="ControlGroup.AllowConnections"/>.
    /// </summary>
    public ImmutableArray<NetworkTarget> Connections { get; init; }

    /// <summary>Memory in bytes, of all processes together; null is no limit.</summary>
    public long? Memory { get; init; } = 512L << 20;

    /// <summary>Processors that can be used at once; null is no limit.</summary>
    public double? Cpu { get; init; } = 1;

    /// <summary>Processes and threads; null is no limit.</summary>
    public int? Processes { get; init; } = 64;

    /// <summary>Time on the clock until all is killed; null is no limit.</summary>
    public TimeSpan? Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Processor time of all processes together, exact to some milliseconds; null is no limit. Where there is no cgroup, the
    /// first process has this, and each of the others up to twice as many seconds and one more.
    /// </summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Bytes that are kept of each of the two output streams. What follows is read and counted, but not kept.</summary>
    public int Output { get; init; } = 1 << 20;

    /// <summary>The program is killed when it writes more than <see cref="Output"/>.</summary>
    public bool EndAtOutputLimit { get; init; }

    /// <summary>Bytes of a file that can be written; null is no limit.</summary>
    public long? FileSize { get; init; } = 256L << 20;

    /// <summary>Bytes of the program's own /tmp, at <see cref="SandboxLevel.Container"/>.</summary>
    public long TemporarySize { get; init; } = 64L << 20;

    /// <summary>Open files of each process.</summary>
    public int OpenFiles { get; init; } = 256;

    /// <summary>What the program reads; empty is nothing.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>
    /// Which system calls can be made; null is <see cref="SeccompProfile.Container"/>. Never those that make set-user-ID files,
    /// file leases or project numbers, nor at <see cref="SandboxLevel.Process"/> those that set limits or priorities of other
    /// processes, or have named memory, queues or keys.
    /// </summary>
    public SeccompProfile? SystemCalls { get; init; }
}
