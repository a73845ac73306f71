using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Tests.Planning;

/// <summary>Questions to a plan.</summary>
internal static class PlanReading
{
    /// <summary>The index of the first step with these words.</summary>
    public static int IndexOf(this LaunchPlan plan, string words)
    {
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            if (plan.Steps[i].Words == words)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"no step is for '{words}'");
    }

    /// <summary>The indexes of all calls of this kind, in order.</summary>
    public static IReadOnlyList<int> Calls(this LaunchPlan plan, Syscall call) =>
        [.. Enumerable.Range(0, plan.Steps.Length).Where(i => plan.Steps[i] is CallStep step && step.Call == call)];

    /// <summary>A step as the call that it is.</summary>
    public static CallStep Call(this LaunchPlan plan, int index) => (CallStep)plan.Steps[index];

    /// <summary>An argument's text, without the zero that ends it; null where it is none.</summary>
    public static string? AsText(this Argument argument) =>
        argument.IsText ? Encoding.UTF8.GetString(argument.Blob.Span[..^1]) : null;
}
