using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>A new network namespace gets its loopback interface up. netdevice(7).</summary>
internal static class NetworkSteps
{
    /// <summary>What the steps are for.</summary>
    public const string Words = NetworkCalls.Words;

    /// <summary>Writes the steps.</summary>
    public static void Write(PlanState state, ValidatedSpec spec)
    {
        if (spec.Namespaces.Makes(CloneFlags.CLONE_NEWNET))
        {
            state.Plan.Group("network");
            NetworkCalls.RaiseLoopback(state.Plan);
        }
    }
}
