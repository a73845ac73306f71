using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What a new process is to be. All that is null or false is inherited, as by fork(2) and execve(2), but descriptors: a
/// process gets those that are named here, and no other. Nothing is looked at before the process is started.
/// </summary>
public sealed record ProcessStartOptions
{
    /// <summary>Says which program.</summary>
    /// <param name="fileName">A path with a slash, relative to <see cref="WorkingDirectory"/>, or a name to search for in the PATH of <see cref="Environment"/>.</param>
    /// <param name="arguments">What follows the program's name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="arguments"/> is null.</exception>
    public ProcessStartOptions(string fileName, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        FileName = fileName;
        Arguments = [.. arguments];
    }

    /// <summary>The program: a path with a slash, or a name to search for in PATH.</summary>
    public string FileName { get; init; }

    /// <summary>What follows the program's name in argv.</summary>
    public ImmutableArray<string> Arguments { get; init; }

    /// <summary>The program's name in argv; null is <see cref="FileName"/>.</summary>
    public string? Argv0 { get; init; }

    /// <summary>
    /// The program itself, already open (a memfd, say), instead of a path: <see cref="FileName"/> is only its name then. Stays
    /// the caller's. execveat(2), AT_EMPTY_PATH; a script's interpreter could not open it, since it is close-on-exec (ENOENT).
    /// </summary>
    public FileDescriptor? Executable { get; init; }

    /// <summary>The whole environment; null is this process's own when it is started.</summary>
    public ProcessEnvironment? Environment { get; init; }

    /// <summary>The working directory, a path as this process sees it; below <see cref="RootDirectory"/> if that is given.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The root directory; CAP_SYS_CHROOT. chroot(2), which keeps nobody in who has that capability.</summary>
    public string? RootDirectory { get; init; }

    /// <summary>Descriptor 0.</summary>
    public ChildStream StandardInput { get; init; } = ChildStream.Inherit;

    /// <summary>Descriptor 1.</summary>
    public ChildStream StandardOutput { get; init; } = ChildStream.Inherit;

    /// <summary>Descriptor 2.</summary>
    public ChildStream StandardError { get; init; } = ChildStream.Inherit;

    /// <summary>
    /// Further descriptors, from 3: number in the child → descriptor here. They stay the caller's and must be open until the
    /// process was started. All others are closed in the child.
    /// </summary>
    public ImmutableDictionary<int, FileDescriptor> Descriptors { get; init; } =
        ImmutableDictionary<int, FileDescriptor>.Empty;

    /// <summary>
    /// A terminal of this size as all three standard streams and as the controlling one of a new session; see
    /// <see cref="ChildProcess.Terminal"/>. pty(7).
    /// </summary>
    public TerminalSize? Terminal { get; init; }

    /// <summary>Who the process is; CAP_SETUID and CAP_SETGID.</summary>
    public ProcessCredentials? Credentials { get; init; }

    /// <summary>The capabilities to have, of those that this process has. capabilities(7).</summary>
    public CapabilitySets? Capabilities { get; init; }

    /// <summary>How far uid 0 is special; CAP_SETPCAP. PR_SET_SECUREBITS.</summary>
    public SecureBits? SecureBits { get; init; }

    /// <summary>No execve gives more rights, for good. PR_SET_NO_NEW_PRIVS.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>
    /// The process has a new, empty session keyring, so that it does not possess this process's keys. session-keyring(7).
    /// </summary>
    public bool NewSessionKeyring { get; init; }

    /// <summary>
    /// What a security module is to confine the program as: an AppArmor profile, an SELinux or Smack label. EOPNOTSUPP: the
    /// module is not at work (ENOSYS before Linux 6.8). lsm_set_self_attr(2); before Linux 6.8 by /proc, which must be mounted in
    /// <see cref="RootDirectory"/> too.
    /// </summary>
    public SecurityContext? SecurityContext { get; init; }

    /// <summary>The mask of new files' permissions. umask(2).</summary>
    public FileModes? Umask { get; init; }

    /// <summary>Resource limits. setrlimit(2).</summary>
    public ProcessStartLimits Limits { get; init; } = ProcessStartLimits.Inherited;

    /// <summary>The nice value, -20 to 19; CAP_SYS_NICE or RLIMIT_NICE to lower it. setpriority(2).</summary>
    public int? Nice { get; init; }

    /// <summary>The scheduling policy. sched_setattr(2).</summary>
    public ProcessScheduling? Scheduling { get; init; }

    /// <summary>The processors to keep to, by number. sched_setaffinity(2).</summary>
    public ImmutableSortedSet<int>? Processors { get; init; }

    /// <summary>The I/O priority. ioprio_set(2).</summary>
    public IoPriority? IoPriority { get; init; }

    /// <summary>How readily it is killed for want of memory: -1000, never, to 1000; CAP_SYS_RESOURCE to lower it.</summary>
    public int? OomScoreAdjust { get; init; }

    /// <summary>The process leads a session of its own, without a terminal. setsid(2).</summary>
    public bool NewSession { get; init; }

    /// <summary>The process group to join; 0 is one of its own. setpgid(2).</summary>
    public int? ProcessGroup { get; init; }

    /// <summary>
    /// The process is killed when this process ends, however it ends, and not when the thread that starts it does.
    /// PR_SET_PDEATHSIG; a set-user-ID program drops it.
    /// </summary>
    public bool KillOnParentExit { get; init; }

    /// <summary>
    /// Signals that the program begins with ignored. Handlers of this program are not inherited; what it was itself started with
    /// ignored, as by nohup(1), stays so, but for <see cref="DefaultSignals"/> and where there is a <see cref="Terminal"/> whose
    /// keys or end send it. execve(2).
    /// </summary>
    public ImmutableArray<Signal> IgnoredSignals { get; init; } = [];

    /// <summary>
    /// Signals that the program begins with the default action of, unless they are among the <see cref="IgnoredSignals"/>,
    /// whatever this program was started with: <see cref="Signals.GetIgnored"/> for all that makes a difference,
    /// <see cref="SignalSet.Full"/> for all. A shell cannot trap what it finds ignored.
    /// </summary>
    public SignalSet DefaultSignals { get; init; }

    /// <summary>
    /// Signals that the program begins with blocked; null is what the starting thread has blocked. SIGKILL and SIGSTOP are
    /// never. sigprocmask(2).
    /// </summary>
    public SignalSet? BlockedSignals { get; init; }

    /// <summary>
    /// Whatever descends from the process and loses its parent becomes the process's child, as long as that is there: so
    /// <see cref="ChildProcess.KillTree"/> finds all. The program should reap children that it did not make.
    /// PR_SET_CHILD_SUBREAPER.
    /// </summary>
    public bool KeepDescendants { get; init; }

    /// <summary>Whatever descends from the process and loses its parent goes to this program's <see cref="Subreaper"/>, while there is one.</summary>
    public bool AdoptOrphans { get; init; }

    /// <summary>How the program is executed: without random addresses (ADDR_NO_RANDOMIZE), for instance. personality(2).</summary>
    public PersonalityFlags? Personality { get; init; }

    /// <summary>What may be done with the process's memory. Costs one execve(2) more.</summary>
    public ProcessMemoryOptions? Memory { get; init; }

    /// <summary>From which NUMA nodes its memory is taken. set_mempolicy(2).</summary>
    public MemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>How much later than asked timers may end, so that several end at once; 1 ns or more. PR_SET_TIMERSLACK.</summary>
    public TimeSpan? TimerSlack { get; init; }

    /// <summary>
    /// Nobody but what descends from the process runs on the same core at the same time. PR_SCHED_CORE; ENODEV where the
    /// processors have no SMT.
    /// </summary>
    public bool OwnCore { get; init; }

    /// <summary>The cgroup to be in from the first instruction on.</summary>
    public ControlGroup? ControlGroup { get; init; }

    /// <summary>Namespaces to make or join.</summary>
    public ProcessNamespaces Namespaces { get; init; } = ProcessNamespaces.Inherited;

    /// <summary>
    /// The numbers that the process is to have: in its own PID namespace, its parent and so on outwards; empty leaves all to the
    /// kernel. CAP_CHECKPOINT_RESTORE in each. clone3(2), set_tid, Linux 5.5. EEXIST: somebody has one of them.
    /// </summary>
    public ImmutableArray<int> ProcessIds { get; init; } = [];

    /// <summary>What of the file system and network may be reached. Unprivileged with <see cref="NoNewPrivileges"/>. landlock(7).</summary>
    public LandlockRuleset? Landlock { get; init; }

    /// <summary>
    /// Which system calls may be made: instructions of classic BPF over struct seccomp_data, loaded last. Unprivileged with
    /// <see cref="NoNewPrivileges"/>; execve(2) must be allowed. seccomp(2).
    /// </summary>
    public SeccompFilter? Seccomp { get; init; }

    /// <summary>The files of a sandbox, made in a new mount namespace.</summary>
    internal SandboxView? View { get; init; }

    /// <summary>The first process of a new PID namespace is another, which only takes orphans in.</summary>
    internal bool Init { get; init; }

    /// <summary>
    /// Another process kills all that this one has started. <see cref="Landlock"/> keeps signals in.
    /// </summary>
    internal bool Guarded { get; init; }
}
