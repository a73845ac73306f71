using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Checks a program: the one of a container, or one that exec adds to it.</summary>
public static class ProcessValidator
{
    private const uint MaximumMask = 0x1FF; // 0777

    /// <summary>Checks every property; the first that is wrong ends it.</summary>
    /// <param name="process">The document.</param>
    /// <param name="property">Its path: <c>process</c>.</param>
    /// <exception cref="SpecException">A property is wrong, or asks for something that is not supported.</exception>
    public static ValidatedProcess Validate(ProcessSpec process, string property)
    {
        if (process.Unsupported.Count != 0)
        {
            throw new SpecException(process.Unsupported[0], "is not supported yet (leave it out)");
        }

        if (process.Args.Count == 0 || process.Args[0].Length == 0)
        {
            throw new SpecException($"{property}.args", "is empty (name the program to run)");
        }

        TextRules.Check($"{property}.args", process.Args);
        TextRules.Check($"{property}.env", process.Env);
        if (process.User.Umask is > MaximumMask)
        {
            throw new SpecException(
                $"{property}.user.umask",
                $"{process.User.Umask} is beyond 0777 (give permission bits)"
            );
        }

        // The kernel keeps 32 bits of all ones for "no id".
        bool noId = process.User.Uid == uint.MaxValue || process.User.Gid == uint.MaxValue;
        if (noId || process.User.AdditionalGids.Contains(uint.MaxValue))
        {
            throw new SpecException($"{property}.user", "4294967295 is no user or group (give another id)");
        }

        if (process.OomScoreAdj is < -1000 or > 1000)
        {
            throw new SpecException(
                $"{property}.oomScoreAdj",
                $"{process.OomScoreAdj} is not between -1000 and 1000 (give another, or leave it out)"
            );
        }

        ImmutableArray<string>.Builder warnings = ImmutableArray.CreateBuilder<string>(0);
        return new ValidatedProcess
        {
            Args = [.. process.Args],
            Env = [.. process.Env],
            Cwd = ContainerPath.ParseAbsolute($"{property}.cwd", process.Cwd),
            Terminal = process.Terminal,
            ConsoleSize = process.Terminal ? process.ConsoleSize : null,
            Uid = process.User.Uid,
            Gid = process.User.Gid,
            AdditionalGids = [.. process.User.AdditionalGids],
            Umask = process.User.Umask,
            Capabilities = CapabilityRules.Check($"{property}.capabilities", process.Capabilities, warnings),
            Rlimits = RlimitRules.Check($"{property}.rlimits", process.Rlimits),
            NoNewPrivileges = process.NoNewPrivileges,
            OomScoreAdj = process.OomScoreAdj,
            Scheduling = SchedulingRules.Check($"{property}.scheduler", process.Scheduler),
            IoPriority = SchedulingRules.Check($"{property}.ioPriority", process.IoPriority),
            InitialProcessors = NumberLists.Mask(
                $"{property}.execCPUAffinity.initial",
                process.ExecAffinity?.Initial,
                "processors"
            ),
            FinalProcessors = NumberLists.Mask(
                $"{property}.execCPUAffinity.final",
                process.ExecAffinity?.Final,
                "processors"
            ),
            AppArmorProfile = LabelRules.Check($"{property}.apparmorProfile", process.ApparmorProfile),
            SelinuxLabel = LabelRules.Check($"{property}.selinuxLabel", process.SelinuxLabel),
            Warnings = warnings.ToImmutable(),
        };
    }
}
