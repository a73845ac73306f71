using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What a sandbox needs besides its process: cgroup, Landlock ruleset, a directory of its own. Owned; disposing kills what is
/// left in the cgroup and removes everything.
/// </summary>
internal sealed class SandboxSetup : IDisposable
{
    /// <summary>PATH in a sandbox.</summary>
    public const string ProgramPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    private readonly List<string> missing = [];
    private SandboxDirectory? temporary;
    private SandboxSurroundings? surroundings;
    private NamespaceFd? mounts;
    private readonly List<MountFd> trees = [];

    private SandboxSetup(SandboxLevel level) => Level = level;

    /// <summary>Which walls there are.</summary>
    public SandboxLevel Level { get; private set; }

    /// <summary>The cgroup; null where none could be made, and weaker was allowed.</summary>
    public ControlGroup? Group { get; private set; }

    /// <summary>The Landlock ruleset; null where the kernel has none, and weaker was allowed.</summary>
    public LandlockRuleset? Landlock { get; private set; }

    /// <summary>How the process is started.</summary>
    public ProcessStartOptions Start { get; private set; } = null!;

    /// <summary>What the kernel says held; null until <see cref="Look"/>.</summary>
    public SandboxHeld? Held { get; private set; }

    /// <summary>What was asked for and could not be had.</summary>
    public ImmutableArray<string> Missing => [.. missing];

    /// <summary>Makes it.</summary>
    /// <exception cref="KernelException">Something cannot be had here, and weaker is not allowed.</exception>
    public static SandboxSetup Make(
        string fileName,
        IEnumerable<string> arguments,
        SandboxOptions options,
        bool takesInput = false
    )
    {
        SandboxSetup setup = new(options.Level);
        try
        {
            setup.MakeGroup(options);
            setup.LimitConnections(options);
            (ImmutableArray<SandboxPlace> places, ImmutableArray<(string, string)> links) = SandboxPlaces.Find(options);

            // A program of root's is another user, unless the options say who it is.
            bool another = options.User is null && setup.MayBeAnother;
            options = another ? options with { User = OwnersMap.User } : options;
            if (setup.Level == SandboxLevel.Process)
            {
                setup.CheckReadOnly(options, places);
                if (another)
                {
                    setup.CheckReach(options, places);
                }

                setup.MakeTemporary(options);
            }

            setup.MakeLandlock(options, places);
            if (setup.Level == SandboxLevel.Container && another)
            {
                places = [.. places.Select(place => place.Named ? setup.MapOwners(place, options) : place)];
            }

            setup.MakeStart(fileName, arguments, options, places, links);
            if (takesInput)
            {
                setup.Start = setup.Start with { StandardInput = ChildStream.Pipe };
            }

            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    /// <summary>Reads back what a program cannot change, of a process that waits for one.</summary>
    public void LookAhead(int processId)
    {
        KeepMounts(processId);
        surroundings = HeldReader.ReadSurroundings(processId, Group);
    }

    /// <summary>Reads back what holds for the process, which has been started and not been reaped.</summary>
    public void Look(LaunchedProcess launched)
    {
        int processId = launched.ProcessId;
        KeepMounts(processId);

        // Before its start a process may be closed to those who are not root.
        if (surroundings?.Namespaces is null)
        {
            surroundings = HeldReader.ReadSurroundings(processId, Group);
        }

        if (surroundings.Namespaces is null)
        {
            surroundings = surroundings with { Namespaces = NamespacesOfEnded(launched) };
        }

        Held = HeldReader.Read(processId, surroundings, Landlock?.Abi ?? 0);
    }

    // A program that has ended by now is in no namespace any more; the init, which is in the same, is there still.
    private CloneFlags? NamespacesOfEnded(LaunchedProcess launched) =>
        Level == SandboxLevel.Process ? CloneFlags.None
        : launched.Companions is [PidFd init] && PidFds.GetProcessId(init) is { Ok: true } number
            ? HeldReader.ReadSurroundings(number.Value, null).Namespaces
        : null;

    // A mount namespace that nobody is left in is taken apart by the last process, before its parent is told of its end: a
    // third of a millisecond and more. Held here, it goes when this is disposed. Where the process has ended already, it is gone.
    private void KeepMounts(int processId)
    {
        if (Level == SandboxLevel.Container)
        {
            mounts ??= Linux.Namespaces.OpenPath($"/proc/{processId}/ns/mnt").Value;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Before the cgroup, which what is in its files is counted by.
        mounts?.Dispose();
        trees.ForEach(tree => tree.Dispose());
        Group?.Dispose();
        Landlock?.Dispose();
        temporary?.Dispose();
    }

    private void MakeGroup(SandboxOptions options)
    {
        ControlGroupLimits limits = new()
        {
            MemoryMax = options.Memory,
            SwapMax = options.Memory is null ? null : 0,
            SwapIfCounted = true,
            Cpus = options.Cpu,
            ProcessesMax = options.Processes,
        };
        try
        {
            Group = ControlGroup.Create(limits);
        }
        catch (KernelException refused) when (!options.AllowWeaker && refused.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new KernelException(
                refused.Errno,
                "make a cgroup for a sandbox",
                hint: "none was delegated to this user; SandboxOptions.AllowWeaker goes without"
            );
        }
        catch (Exception refused) when (options.AllowWeaker && refused is KernelException or NotSupportedException)
        {
            missing.Add($"cgroup: {refused.Message}; limits are each process's own");
        }
    }

    private void LimitConnections(SandboxOptions options)
    {
        if (options.Connections.IsDefault)
        {
            return;
        }

        try
        {
            (Group ?? throw new NotSupportedException("there is no cgroup")).AllowConnections(options.Connections);
        }
        catch (Exception refused) when (options.AllowWeaker && refused is KernelException or NotSupportedException)
        {
            missing.Add($"connections: {refused.Message}; the program can connect to anywhere");
        }
    }

    // Landlock only adds rights; mounts can take them away.
    private void CheckReadOnly(SandboxOptions options, ImmutableArray<SandboxPlace> places)
    {
        if (SandboxPlaces.InWritable(places) is not { } place)
        {
            return;
        }

        KernelException refusal = new(
            Errno.EOPNOTSUPP,
            "keep read-only in a sandbox",
            place.Path,
            "it lies in what can be changed, which takes SandboxLevel.Container"
        );
        missing.Add(options.AllowWeaker ? $"files: {refusal.Message}" : throw refusal);
    }

    // No mount shows what is root's as the program's own here.
    private void CheckReach(SandboxOptions options, ImmutableArray<SandboxPlace> places)
    {
        foreach (SandboxPlace place in places.Where(place => place.Named))
        {
            if (SandboxReach.FirstClosed(place, OwnersMap.User) is not { } closed)
            {
                continue;
            }

            KernelException refusal = new(
                Errno.EACCES,
                $"give '{place.Path}' to the sandbox's user {OwnersMap.User.UserId}",
                closed,
                "say by User who the program is, or take SandboxLevel.Container, which shows it as the program's own"
            );
            missing.Add(options.AllowWeaker ? $"owners: {refusal.Message}" : throw refusal);
        }
    }

    private SandboxPlace MapOwners(SandboxPlace place, SandboxOptions options)
    {
        try
        {
            trees.Add(OwnersMap.Open(place));
            return place with { Tree = trees[^1] };
        }
        catch (KernelException refused) when (options.AllowWeaker)
        {
            missing.Add($"owners: {refused.Message}");
            return place;
        }
    }

    private void MakeTemporary(SandboxOptions options)
    {
        temporary = SandboxDirectory.Make();
        if (options.User is not { } user)
        {
            return;
        }

        if (SandboxUser.MayBeAnybody)
        {
            using DirectoryFd directory = Files
                .OpenDirectoryAt(null, temporary.FullName)
                .OrThrow("open", temporary.FullName);
            Files
                .FChown(directory, user.UserId, user.GroupId)
                .OrThrow("give to the sandbox's user", temporary.FullName);
        }
        else if (SandboxUser.Refusal(user) is { } refusal)
        {
            missing.Add(options.AllowWeaker ? $"user: {refusal.Message}" : throw refusal);
        }
    }

    private void MakeLandlock(SandboxOptions options, ImmutableArray<SandboxPlace> places)
    {
        LandlockPolicy policy = SandboxRules.Of(options, places, temporary?.FullName);
        try
        {
            Landlock = policy.ToRuleset();
            foreach (string right in Landlock.Unenforced)
            {
                missing.Add($"Landlock: this kernel does not know {right}");
            }
        }
        catch (KernelException refused)
            when ((options.AllowWeaker || Level == SandboxLevel.Container)
                && refused.Errno is Errno.ENOSYS or Errno.EOPNOTSUPP
            )
        {
            // In a container the mounts say what can be reached; Landlock is the second wall.
            missing.Add($"Landlock: {refused.Message}");
        }
    }

    private void MakeStart(
        string fileName,
        IEnumerable<string> arguments,
        SandboxOptions options,
        ImmutableArray<SandboxPlace> places,
        ImmutableArray<(string Path, string Target)> links
    )
    {
        string home = temporary?.FullName ?? "/tmp";
        ProcessEnvironment environment = ProcessEnvironment
            .Empty.With("PATH", ProgramPath)
            .With("HOME", home)
            .With("TMPDIR", home)
            .With("LANG", "C.UTF-8");
        foreach ((string name, string value) in options.Environment)
        {
            environment = environment.With(name, value);
        }

        ProcessStartOptions start = new(fileName, arguments)
        {
            Environment = environment,
            WorkingDirectory = options.WorkingDirectory ?? home,
            StandardInput = options.Input.IsEmpty ? ChildStream.Null : ChildStream.Pipe,
            StandardOutput = ChildStream.Pipe,
            StandardError = ChildStream.Pipe,
            NewSession = true,

            // It begins as every other, however the program that starts it was started.
            DefaultSignals = Signals.GetIgnored(),
            BlockedSignals = SignalSet.Empty,
            KillOnParentExit = true,
            NoNewPrivileges = true,
            OomScoreAdjust = 500,
            Limits = SandboxLimits.Of(options, hasGroup: Group is not null),
            ControlGroup = Group,
            Landlock = Landlock,
            Seccomp = SandboxFilter.Of(options, Level),
        };
        Start =
            Level == SandboxLevel.Container ? InNamespaces(start, options, places, links)
            : Group is null ? Guarded(Bare(start, options))
            : Bare(start, options);
    }

    private static ProcessStartOptions InNamespaces(
        ProcessStartOptions start,
        SandboxOptions options,
        ImmutableArray<SandboxPlace> places,
        ImmutableArray<(string Path, string Target)> links
    )
    {
        bool network = options.Network == SandboxNetwork.None;
        CloneFlags kinds =
            CloneFlags.CLONE_NEWNS
            | CloneFlags.CLONE_NEWPID
            | CloneFlags.CLONE_NEWIPC
            | CloneFlags.CLONE_NEWUTS
            | (network ? CloneFlags.CLONE_NEWNET : CloneFlags.None)
            | (IsPrivileged ? CloneFlags.None : CloneFlags.CLONE_NEWUSER);
        start = start with { Namespaces = new ProcessNamespaces { New = kinds } };
        start = IsPrivileged ? SandboxUser.Become(start, options.User) : SandboxUser.Map(start, options.User);
        return start with
        {
            Init = options.Init,
            Capabilities = default(CapabilitySets),
            View = new SandboxView(places, links, options.TemporarySize, network),
        };
    }

    // The bounding set can be dropped by those only who have the right to; whoever has others gives them up all the same.
    private static ProcessStartOptions Bare(ProcessStartOptions start, SandboxOptions options)
    {
        start = SandboxUser.MayBeAnybody ? SandboxUser.Become(start, options.User) : start;
        bool drops = SandboxUser.Has(Capability.CAP_SETPCAP);
        return start with { Capabilities = default(CapabilitySets) with { Bounding = drops ? 0 : ulong.MaxValue } };
    }

    // Without namespace and cgroup nothing of the kernel's holds the processes together but their Landlock domain.
    private ProcessStartOptions Guarded(ProcessStartOptions start)
    {
        if (Landlock?.KeepsSignalsIn == true)
        {
            return start with { Guarded = true };
        }

        missing.Add(
            "tree: what the program has left running when it ends goes on; Landlock ends it from Linux 6.12 on"
        );
        return start with { KeepDescendants = true };
    }

    private bool MayBeAnother =>
        Level == SandboxLevel.Container ? IsPrivileged : Credentials.GetEffectiveUid() == 0 && SandboxUser.MayBeAnybody;

    private static bool IsPrivileged => SandboxUser.Has(Capability.CAP_SYS_ADMIN, Capability.CAP_SETPCAP);
}
