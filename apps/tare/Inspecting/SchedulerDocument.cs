using Tare.Cli.Observation;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>How a process or thread is scheduled, in JSON. What the kernel does not tell is null.</summary>
internal sealed record SchedulerDocument(
    string Policy,
    int Nice,
    int Priority,
    int RealTimePriority,
    long? Weight,
    long? VirtualRuntimeNanoseconds,
    long? SliceNanoseconds,
    long? RunNanoseconds,
    long? WaitNanoseconds,
    long? Timeslices,
    long? Migrations,
    int Processor,
    string AllowedProcessors
)
{
    public static SchedulerDocument Of(ProcessSchedulerState state) =>
        new(
            Policies.NameOf(state.Policy),
            state.Nice,
            state.Priority,
            state.RealTimePriority,
            state.Accounting?.Weight,
            state.Accounting?.VirtualRuntimeNanoseconds,
            state.Accounting?.SliceNanoseconds,
            state.Accounting?.RunNanoseconds,
            state.Accounting?.WaitNanoseconds,
            state.Accounting?.Timeslices,
            state.Accounting?.Migrations,
            state.Processor,
            state.AllowedProcessors
        );
}
