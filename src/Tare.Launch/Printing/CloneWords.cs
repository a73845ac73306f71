using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>What the launcher itself does around a plan: how the process is made and what is undone before it executes.</summary>
internal static class CloneWords
{
    private static readonly (CloneFlags Flag, string Name)[] Names =
    [
        (CloneFlags.CLONE_NEWUSER, "user"),
        (CloneFlags.CLONE_NEWPID, "PID"),
        (CloneFlags.CLONE_NEWNS, "mount"),
        (CloneFlags.CLONE_NEWUTS, "UTS"),
        (CloneFlags.CLONE_NEWIPC, "IPC"),
        (CloneFlags.CLONE_NEWNET, "network"),
        (CloneFlags.CLONE_NEWCGROUP, "cgroup"),
    ];

    /// <summary>What the clone is for, in words.</summary>
    public static string Purpose(LaunchPlan plan)
    {
        List<string> names = [.. Names.Where(entry => plan.CloneFlags.HasFlag(entry.Flag)).Select(entry => entry.Name)];
        string namespaces = names.Count switch
        {
            0 => "create the process",
            1 => $"create the process in a new {names[0]} namespace",
            _ => $"create the process in new {string.Join(", ", names.SkipLast(1))} and {names[^1]} namespaces",
        };
        return plan is { Cgroup: { } cgroup, SpawnsIntoCgroup: false }
            ? $"{namespaces}, in the cgroup {cgroup}"
            : namespaces;
    }

    /// <summary>The calls that come before the first step.</summary>
    public static IEnumerable<string> Before(LaunchPlan plan)
    {
        string cgroup = plan is { Cgroup: { } slot, SpawnsIntoCgroup: false } ? $", cgroup={slot}" : "";
        string numbers = plan.ProcessIds is { } ids ? $", set_tid={Numbers(ids)}" : "";
        yield return "rt_sigprocmask(SIG_BLOCK, all, [signal mask], 8)";
        if (plan.WaitsForParent)
        {
            yield return $"clone3({{flags={EnumWords.Of(LaunchFlags.OfHolder)}}}, 88), which makes the process and waits:";
        }

        yield return $"clone3({{flags={EnumWords.Of(LaunchFlags.OfProcess(plan))}{cgroup}{(plan.Spawns ? "" : numbers)}}}, 88)";
        yield return "rt_sigaction(SIGPIPE, SIG_DFL, NULL, 8)";
    }

    private static string Numbers(Scratch ids) =>
        $"[{string.Join(", ", MemoryMarshal.Cast<byte, int>(ids.Content.Span).ToArray())}]";

    /// <summary>The call that comes before a step that executes a program, where the step before it does not do so too.</summary>
    public static string BeforeProgram => "rt_sigprocmask(SIG_SETMASK, [signal mask], NULL, 8)";
}
