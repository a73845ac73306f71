using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Finds what no process can be of what is about memory, orphans and time.</summary>
internal static class StartChecksOfPlacement
{
    private const PersonalityFlags KnownPersonality =
        PersonalityFlags.UNAME26
        | PersonalityFlags.ADDR_NO_RANDOMIZE
        | PersonalityFlags.MMAP_PAGE_ZERO
        | PersonalityFlags.ADDR_COMPAT_LAYOUT
        | PersonalityFlags.READ_IMPLIES_EXEC
        | PersonalityFlags.ADDR_LIMIT_32BIT
        | PersonalityFlags.WHOLE_SECONDS
        | PersonalityFlags.STICKY_TIMEOUTS
        | PersonalityFlags.ADDR_LIMIT_3GB;

    /// <summary>Checks them.</summary>
    /// <exception cref="ArgumentException">One asks for what cannot be, or two exclude each other.</exception>
    public static void Check(ProcessStartOptions options)
    {
        if (options is { KeepDescendants: true, AdoptOrphans: true })
        {
            throw StartChecks.Bad(nameof(options.AdoptOrphans), "orphans come to the process or to this one");
        }

        if (options is { AdoptOrphans: true, Limits.FileLocks: not null })
        {
            throw StartChecks.Bad(
                nameof(options.AdoptOrphans),
                "orphans are known by RLIMIT_LOCKS: leave FileLocks out"
            );
        }

        if (options.ControlGroup is { IsDisposed: true })
        {
            throw StartChecks.Bad(nameof(options.ControlGroup), "it was disposed");
        }

        CheckNumbers(options);
        if (options.Personality is { } personality && (personality & ~KnownPersonality) != 0)
        {
            throw StartChecks.Bad(nameof(options.Personality), $"{personality & ~KnownPersonality} is unknown");
        }

        if (options.TimerSlack is { } slack && (slack <= TimeSpan.Zero || slack.TotalSeconds > 4_000_000_000))
        {
            throw StartChecks.Bad(nameof(options.TimerSlack), "it is not above zero, or too long");
        }

        if (options.MemoryPolicy is { } policy)
        {
            CheckPolicy(policy, nameof(options.MemoryPolicy));
        }

        if (options.Memory is { IsEmpty: false } memory)
        {
            CheckMemory(options, memory);
        }
    }

    private static void CheckNumbers(ProcessStartOptions options)
    {
        const int MostNamespaces = 32;
        if (options.ProcessIds.IsDefaultOrEmpty)
        {
            return;
        }

        if (options.ProcessIds.Length > MostNamespaces || options.ProcessIds.Any(number => number < 1))
        {
            throw StartChecks.Bad(nameof(options.ProcessIds), "a number is below 1, or there are more than 32");
        }

        if ((options.Namespaces.New & CloneFlags.CLONE_NEWPID) != 0 && !options.Init && options.ProcessIds[0] != 1)
        {
            throw StartChecks.Bad(nameof(options.ProcessIds), "the first process of a PID namespace is number 1");
        }
    }

    /// <summary>Checks a memory policy.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void CheckPolicy(MemoryPolicy policy, string name)
    {
        if (!Enum.IsDefined(policy.Mode))
        {
            throw StartChecks.Bad(name, "the mode is unknown");
        }

        if (
            policy.Nodes is null
            || (!policy.Nodes.IsEmpty && (policy.Nodes.Min < 0 || policy.Nodes.Max > NodeMask.Highest))
        )
        {
            throw StartChecks.Bad(name, $"a node is not 0 to {NodeMask.Highest}");
        }

        bool alone = policy.Mode is MemoryPolicyMode.MPOL_DEFAULT or MemoryPolicyMode.MPOL_LOCAL;
        if (policy.Mode != MemoryPolicyMode.MPOL_PREFERRED && alone != policy.Nodes.IsEmpty)
        {
            throw StartChecks.Bad(name, alone ? $"{policy.Mode} has no nodes" : $"{policy.Mode} needs nodes");
        }

        const MemoryPolicyFlags Both = MemoryPolicyFlags.MPOL_F_STATIC_NODES | MemoryPolicyFlags.MPOL_F_RELATIVE_NODES;
        if ((policy.Flags & ~(Both | MemoryPolicyFlags.MPOL_F_NUMA_BALANCING)) != 0 || (policy.Flags & Both) == Both)
        {
            throw StartChecks.Bad(name, "the flags are unknown, or exclude each other");
        }
    }

    private static void CheckMemory(ProcessStartOptions options, ProcessMemoryOptions memory)
    {
        const string Name = nameof(options.Memory);
        const CoreDumpContent All = (CoreDumpContent)0x1FF;
        if (((memory.CoreDump ?? 0) & ~All) != 0)
        {
            throw StartChecks.Bad(Name, "there is no such content of a core dump");
        }

        if (options.Seccomp?.Handler is not null)
        {
            throw StartChecks.Bad(
                Name,
                "it is set in a program before the last, which a handler of system calls is not for"
            );
        }

        foreach (FileDescriptor? file in new[] { options.Executable, options.Landlock?.Descriptor })
        {
            if (file is not null && options.Descriptors.ContainsKey(file.Number))
            {
                throw StartChecks.Bad(
                    nameof(options.Descriptors),
                    $"{file.Number} is the number here of the program or the Landlock ruleset: with {Name} it is not to be had"
                );
            }
        }
    }
}
