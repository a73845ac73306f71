using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Finds what no process can be before anything happens.</summary>
internal static class StartChecks
{
    private const int MaximumDescriptor = 1 << 20;
    private const int MostGroups = 65_536;

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">One asks for what cannot be, or two exclude each other.</exception>
    public static void Check(ProcessStartOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Text(options.FileName, nameof(options.FileName));
        Given(options.Arguments, nameof(options.Arguments));
        foreach (string argument in options.Arguments)
        {
            if (argument is null || argument.Contains('\0', StringComparison.Ordinal))
            {
                throw Bad(nameof(options.Arguments), "a null or zero character cannot be passed on");
            }
        }

        OptionalText(options.WorkingDirectory, nameof(options.WorkingDirectory));
        OptionalText(options.RootDirectory, nameof(options.RootDirectory));
        if (options.Argv0?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw Bad(nameof(options.Argv0), "it contains a zero character");
        }

        if (options.SecurityContext is { Text: null or "" })
        {
            throw Bad(nameof(options.SecurityContext), "it names no profile or label");
        }

        if (options.Executable is { } executable && !IsOpen(executable))
        {
            throw Bad(nameof(options.Executable), "it is not open");
        }

        CheckStreams(options);
        CheckNumbers(options);
        CheckIdentity(options);
        StartChecksOfPlacement.Check(options);
    }

    private static void CheckStreams(ProcessStartOptions options)
    {
        Stream(options.StandardInput, nameof(options.StandardInput));
        Stream(options.StandardOutput, nameof(options.StandardOutput));
        Stream(options.StandardError, nameof(options.StandardError));
        if (options.StandardInput.What == ChildStream.Kind.StandardOutput)
        {
            throw Bad(nameof(options.StandardInput), "only standard error can be what standard output is");
        }

        if (options.StandardOutput.What == ChildStream.Kind.StandardOutput)
        {
            throw Bad(nameof(options.StandardOutput), "it cannot be itself");
        }

        if (options.Terminal is not null)
        {
            if (
                options.StandardInput.What != ChildStream.Kind.Inherit
                || options.StandardOutput.What != ChildStream.Kind.Inherit
                || options.StandardError.What != ChildStream.Kind.Inherit
            )
            {
                throw Bad(nameof(options.Terminal), "a terminal is all three standard streams: leave them out");
            }

            if (options.ProcessGroup is not null)
            {
                throw Bad(nameof(options.ProcessGroup), "with a terminal the process leads a session, and its group");
            }
        }

        NotNull(options.Descriptors, nameof(options.Descriptors));
        foreach ((int number, FileDescriptor file) in options.Descriptors)
        {
            if (number is < 3 or > MaximumDescriptor || !IsOpen(file))
            {
                throw Bad(
                    nameof(options.Descriptors),
                    $"descriptor {number} is not above 2, or what it is to be is not open"
                );
            }
        }
    }

    private static void CheckNumbers(ProcessStartOptions options)
    {
        Range(options.Nice, -20, 19, nameof(options.Nice));
        Range(options.OomScoreAdjust, -1000, 1000, nameof(options.OomScoreAdjust));
        Range(options.ProcessGroup, 0, int.MaxValue, nameof(options.ProcessGroup));
        if (options.NewSession && options.ProcessGroup is not null)
        {
            throw Bad(nameof(options.ProcessGroup), "who leads a session leads its own group");
        }

        if (options.Umask is { } umask && ((uint)umask & ~0x1FFu) != 0)
        {
            throw Bad(nameof(options.Umask), "it has other bits than permissions");
        }

        NotNull(options.Limits, nameof(options.Limits));
        foreach ((ResourceLimit resource, ProcessLimit<long> limit) in options.Limits.Given)
        {
            if (!limit.CanBe())
            {
                throw Bad(
                    nameof(options.Limits),
                    $"{ResourceLimits.NameOf(resource)} is negative, or its soft limit is above the hard one"
                );
            }
        }

        if (options.IoPriority is { } io)
        {
            CheckIoPriority(io, nameof(options.IoPriority));
        }

        if (options.Processors is { } processors)
        {
            CheckProcessors(processors, nameof(options.Processors));
        }

        if (options.Scheduling is { } scheduling)
        {
            CheckScheduling(scheduling, options.Nice);
        }

        Given(options.IgnoredSignals, nameof(options.IgnoredSignals));
        foreach (Signal signal in options.IgnoredSignals)
        {
            if (signal is <= 0 or > Signal.SIGRTMAX or Signal.SIGKILL or Signal.SIGSTOP)
            {
                throw Bad(nameof(options.IgnoredSignals), $"{signal} cannot be ignored");
            }
        }
    }

    /// <summary>Checks an I/O priority.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static void CheckIoPriority(IoPriority priority, string name)
    {
        if (!Enum.IsDefined(priority.Class) || priority.Level is < 0 or > 7)
        {
            throw Bad(name, "the class is unknown, or the level is not 0 to 7");
        }
    }

    /// <summary>Checks numbers of processors.</summary>
    /// <exception cref="ArgumentException">There is none, or one is no number of a processor.</exception>
    internal static void CheckProcessors(System.Collections.Immutable.ImmutableSortedSet<int> processors, string name)
    {
        if (processors.IsEmpty || processors.Min < 0 || processors.Max > 8191)
        {
            throw Bad(name, "there is none, or a number is not 0 to 8191");
        }
    }

    /// <summary>Checks a scheduling policy.</summary>
    /// <exception cref="ArgumentException">There is no such policy, or its parameters are not its own.</exception>
    internal static void CheckScheduling(
        ProcessScheduling scheduling,
        int? nice,
        string name = nameof(ProcessStartOptions.Scheduling)
    )
    {
        bool realTime = scheduling.Policy is SchedulingPolicy.SCHED_FIFO or SchedulingPolicy.SCHED_RR;
        if (!Enum.IsDefined(scheduling.Policy) || scheduling.Policy == SchedulingPolicy.SCHED_ISO)
        {
            throw Bad(name, "the policy is unknown");
        }

        if (realTime ? scheduling.Priority is < 1 or > 99 : scheduling.Priority != 0)
        {
            throw Bad(name, realTime ? "the priority is not 1 to 99" : "only SCHED_FIFO and SCHED_RR have a priority");
        }

        if (
            scheduling.Runtime < TimeSpan.Zero
            || scheduling.Deadline < TimeSpan.Zero
            || scheduling.Period < TimeSpan.Zero
        )
        {
            throw Bad(name, "a time is negative");
        }

        if (
            scheduling.Policy == SchedulingPolicy.SCHED_DEADLINE
            && (
                scheduling.Runtime == TimeSpan.Zero
                || scheduling.Runtime > scheduling.Deadline
                || (scheduling.Period != TimeSpan.Zero && scheduling.Deadline > scheduling.Period)
            )
        )
        {
            throw Bad(name, "a deadline needs 0 < runtime ≤ deadline ≤ period");
        }

        if (nice is not null && (realTime || scheduling.Policy == SchedulingPolicy.SCHED_DEADLINE))
        {
            throw Bad(nameof(ProcessStartOptions.Nice), $"{scheduling.Policy} has no nice value");
        }
    }

    private static void CheckIdentity(ProcessStartOptions options)
    {
        const uint NoId = uint.MaxValue;
        if (options.Credentials is { SupplementaryGroups: { IsDefault: true } or { Length: > MostGroups } })
        {
            throw Bad(nameof(options.Credentials), $"supplementary groups are none to {MostGroups}");
        }

        if (
            options.Credentials is { } who
            && (who.UserId == NoId || who.GroupId == NoId || who.SupplementaryGroups.Contains(NoId))
        )
        {
            throw Bad(nameof(options.Credentials), "4294967295 is no id");
        }

        if (options.Credentials is { KeepSupplementaryGroups: true, SupplementaryGroups.IsEmpty: false })
        {
            throw Bad(nameof(options.Credentials), "supplementary groups are either kept or given");
        }

        if (options.Capabilities is { } sets)
        {
            if ((sets.Effective & ~sets.Permitted) != 0)
            {
                throw Bad(nameof(options.Capabilities), "what is effective must be permitted");
            }

            if ((sets.Ambient & ~(sets.Permitted & sets.Inheritable)) != 0)
            {
                throw Bad(nameof(options.Capabilities), "what is ambient must be permitted and inheritable");
            }
        }

        CheckNamespaces(options.Namespaces);
        if (options.Landlock is { } landlock && !IsOpen(landlock.Descriptor))
        {
            throw Bad(nameof(options.Landlock), "it was disposed");
        }

        if (options.Seccomp is { Instructions: { Length: 0 or > 4096 } or { IsDefault: true } })
        {
            throw Bad(nameof(options.Seccomp), "a filter has 1 to 4096 instructions");
        }

        if (
            options.Seccomp is { Handler: not null } asking
            && asking.Instructions.Length > SeccompCalls.LongestWithListener
        )
        {
            throw Bad(
                nameof(options.Seccomp),
                $"with a handler a filter has at most {SeccompCalls.LongestWithListener} instructions"
            );
        }

        const SeccompFilterFlags Unfit =
            SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER
            | SeccompFilterFlags.SECCOMP_FILTER_FLAG_TSYNC
            | SeccompFilterFlags.SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
        if (((options.Seccomp?.Flags ?? 0) & Unfit) != 0)
        {
            throw Bad(nameof(options.Seccomp), "a handler brings a listener, and there is one thread only");
        }
    }

    private static void CheckNamespaces(ProcessNamespaces namespaces)
    {
        const CloneFlags Known =
            CloneFlags.CLONE_NEWUSER
            | CloneFlags.CLONE_NEWPID
            | CloneFlags.CLONE_NEWNS
            | CloneFlags.CLONE_NEWNET
            | CloneFlags.CLONE_NEWIPC
            | CloneFlags.CLONE_NEWUTS
            | CloneFlags.CLONE_NEWCGROUP
            | CloneFlags.CLONE_NEWTIME;
        const string Name = nameof(ProcessStartOptions.Namespaces);
        NotNull(namespaces, Name);
        Given(namespaces.Users, Name);
        Given(namespaces.Groups, Name);
        Given(namespaces.Joined, Name);
        NotNull(namespaces.Parameters, Name);
        if (namespaces.Joined.Any(joined => !IsOpen(joined)))
        {
            throw Bad(Name, "one to join is not open");
        }

        if ((namespaces.New & ~Known) != 0)
        {
            throw Bad(Name, $"{namespaces.New & ~Known} is no namespace");
        }

        if (namespaces.Users.IsEmpty != namespaces.Groups.IsEmpty)
        {
            throw Bad(Name, "users and groups are mapped both or neither");
        }

        if (!namespaces.Users.IsEmpty && (namespaces.New & CloneFlags.CLONE_NEWUSER) == 0)
        {
            throw Bad(Name, "only a new user namespace has maps");
        }

        if (NamespaceChecks.Complaint(namespaces) is { } complaint)
        {
            throw Bad(Name, complaint);
        }

        if (namespaces.Users.Concat(namespaces.Groups).Any(range => range.Count == 0))
        {
            throw Bad(Name, "a map's range is empty");
        }
    }

    private static void Text(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw Bad(name, "it is empty");
        }

        OptionalText(text, name);
    }

    private static void OptionalText(string? text, string name)
    {
        if (text is not null && (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)))
        {
            throw Bad(name, "it is empty or contains a zero character");
        }
    }

    /// <summary>Checks that a list was given.</summary>
    /// <exception cref="ArgumentException">It is <see langword="default"/>.</exception>
    internal static void Given<T>(System.Collections.Immutable.ImmutableArray<T> list, string name)
    {
        if (list.IsDefault)
        {
            throw Bad(name, "it is null; none is []");
        }
    }

    private static void NotNull(object? value, string name)
    {
        if (value is null)
        {
            throw Bad(name, "it is null");
        }
    }

    private static void Stream(ChildStream? stream, string name)
    {
        NotNull(stream, name);
        if (stream is { What: ChildStream.Kind.Descriptor, Descriptor: var file } && !IsOpen(file))
        {
            throw Bad(name, "what it is to be is not open");
        }
    }

    private static bool IsOpen(FileDescriptor? file) => file is { IsInvalid: false, IsClosed: false };

    private static void Range(int? value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw Bad(name, $"{value} is not {least} to {most}");
        }
    }

    internal static ArgumentException Bad(string option, string reason) => new($"{option}: {reason}", option);
}
