using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// Hands the listener of a filter over to the launcher, in one message with one descriptor: the launcher then has it before
/// the process can come to a call that waits for an answer.
/// </summary>
internal static class ListenerSteps
{
    /// <summary>Sends it.</summary>
    /// <param name="state">The plan.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="call">sendmsg(2) or sendmmsg(2), whichever the filter lets through.</param>
    public static void HandOver(PlanState state, Slot listener, Syscall call)
    {
        Slot socket = state.Plan.NewInput("the socket for the filter's listener");
        state.Inputs = state.Inputs with { ListenerSocket = socket };
        MessageSteps.Send(state.Plan, "hand the seccomp filter's listener over", socket, [(byte)'s'], [listener], call);
    }
}
