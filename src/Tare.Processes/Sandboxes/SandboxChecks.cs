using System.Collections.Immutable;

namespace Tare.Processes;

/// <summary>Finds what no sandbox can be before anything happens.</summary>
internal static class SandboxChecks
{
    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">One asks for what cannot be.</exception>
    public static void Check(SandboxOptions options)
    {
        Defined(options.Level, nameof(options.Level));
        Defined(options.Network, nameof(options.Network));
        Positive(options.Memory, nameof(options.Memory));
        Positive(options.Processes, nameof(options.Processes));
        Positive(options.FileSize, nameof(options.FileSize), orZero: true);
        Positive(options.TemporarySize, nameof(options.TemporarySize));
        Positive(options.Output, nameof(options.Output), orZero: true);
        Positive(options.Time?.Ticks, nameof(options.Time));
        Positive(options.CpuTime?.Ticks, nameof(options.CpuTime));
        if (!options.Connections.IsDefault)
        {
            ControlGroup.CheckTargets(options.Connections);
            if (options.Network != SandboxNetwork.Host)
            {
                throw Bad(nameof(options.Connections), "without a network nothing can be connected to");
            }
        }

        if (options.Cpu is not (null or (>= 0.01 and <= 1_000_000)))
        {
            throw Bad(nameof(options.Cpu), "it is not 0.01 to 1,000,000");
        }

        if (options.OpenFiles < 3)
        {
            throw Bad(nameof(options.OpenFiles), "the standard streams are three");
        }

        if (
            options.User is { } user
            && (
                user.UserId == uint.MaxValue
                || user.GroupId == uint.MaxValue
                || user.SupplementaryGroups.IsDefault
                || user.SupplementaryGroups.Contains(uint.MaxValue)
                || (user.KeepSupplementaryGroups && !user.SupplementaryGroups.IsEmpty)
            )
        )
        {
            throw Bad(nameof(options.User), "4294967295 is no id, and supplementary groups are either kept or given");
        }

        CheckPaths(options.ReadOnly, nameof(options.ReadOnly));
        CheckPaths(options.ReadWrite, nameof(options.ReadWrite));
        if (options.WorkingDirectory is { } directory)
        {
            CheckPaths([directory], nameof(options.WorkingDirectory));
        }

        _ = ProcessEnvironment.Of(
            options.Environment ?? throw Bad(nameof(options.Environment), "it is null; none is empty")
        );

        // What it is made of is looked at by the start, when there is a cgroup already.
        _ = SandboxFilter.Of(options, options.Level);
    }

    private static void CheckPaths(ImmutableArray<string> paths, string option)
    {
        StartChecks.Given(paths, option);
        foreach (string path in paths)
        {
            if (string.IsNullOrEmpty(path) || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
            {
                throw Bad(option, $"'{path}' is no absolute path");
            }
        }
    }

    private static void Defined<T>(T value, string option)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw Bad(option, $"{value} is unknown");
        }
    }

    private static void Positive(long? value, string option, bool orZero = false)
    {
        if (value < (orZero ? 0 : 1))
        {
            throw Bad(option, $"{value} is too little");
        }
    }

    private static ArgumentException Bad(string option, string reason) => new($"{option}: {reason}", option);
}
