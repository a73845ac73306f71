using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Loads the filter on system calls. What follows is under the filter itself, so as little as possible does: with
/// no_new_privs only the execution of the program; without it the kernel wants CAP_SYS_ADMIN, so the last capabilities are
/// dropped afterwards.
/// </summary>
internal static class SeccompSteps
{
    /// <summary>What the step is for; its failure is explained where the reason is known.</summary>
    public const string Words = "load the seccomp filter";

    private const string Group = "seccomp";

    /// <summary>The filter has to be loaded while there is CAP_SYS_ADMIN.</summary>
    public static bool NeedPrivileges(PlanState state) => state.Seccomp is not null && !state.Process.NoNewPrivileges;

    /// <summary>The filter is loaded before the process waits for start: by then its listener has to be in other hands.</summary>
    public static bool LoadsBeforeStart(PlanState state) =>
        state.Seccomp is { } profile && SeccompNotices.AreWanted(profile);

    /// <summary>Loads the filter if the process can do so without privileges.</summary>
    public static void LoadLast(PlanState state)
    {
        if (!NeedPrivileges(state))
        {
            Load(state);
        }
    }

    /// <summary>Loads the filter, if there is one.</summary>
    /// <exception cref="SpecException">The filter's listener could not be handed over.</exception>
    public static void Load(PlanState state)
    {
        if (state.Seccomp is not { } profile)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        ReadOnlySpan<SocketFilter> instructions = state.Context.Filter.IsEmpty
            ? SeccompCompiler.Compile(profile, state.Context.Processor)
            : state.Context.Filter.AsSpan();
        plan.Group(Group);
        CallStep load = SeccompCalls.Load(plan, Words, instructions, FlagsOf(profile));
        if (SeccompNotices.AreWanted(profile))
        {
            Slot listener = plan.NewSlot("the filter's listener");
            plan.Add(load with { Result = listener });
            ListenerSteps.HandOver(state, listener, SeccompNotices.CallFor(profile, state.Context.Processor));
        }
        else
        {
            plan.Add(load);
        }
    }

    // What the process has no other threads for is left out; without any word speculation is not restrained, as in runc.
    private static SeccompFilterFlags FlagsOf(SeccompSpec profile)
    {
        SeccompFilterFlags flags = SeccompNotices.AreWanted(profile)
            ? SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER
            : SeccompFilterFlags.None;
        if (profile.Flags is not { } given)
        {
            return flags | SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW;
        }

        foreach (SeccompFlag flag in given)
        {
            flags |= flag switch
            {
                SeccompFlag.Log => SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG,
                SeccompFlag.SpeculationAllowed => SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                SeccompFlag.WaitKillable => SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                _ => SeccompFilterFlags.None,
            };
        }

        return flags;
    }
}
