using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The part of a plan that says whose the orphans are, and which signals are blocked.</summary>
internal sealed class InheritanceSteps(LaunchPlanBuilder plan, ProcessStartOptions options)
{
    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        if (options.KeepDescendants)
        {
            plan.Group(nameof(ProcessStartOptions.KeepDescendants));
            plan.Call("take in orphans", Syscall.prctl, Argument.Flags(PrctlOption.PR_SET_CHILD_SUBREAPER), 1, 0, 0, 0);
        }

        if (options.AdoptOrphans)
        {
            plan.Group(nameof(ProcessStartOptions.AdoptOrphans));
            ProcessCalls.SetLimit(plan, ResourceLimit.RLIMIT_LOCKS, OrphanMark.Limit, "mark descendants by");
        }

        // The launcher sets it just before the program is executed: until then all are blocked.
        if (options.BlockedSignals is { } blocked)
        {
            ulong bits = blocked.Bits;
            plan.SignalMask = plan.NewScratch(
                "the signal mask",
                MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in bits))
            );
        }
    }
}
