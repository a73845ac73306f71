using System.Collections.Immutable;
using Tare.Linux;

namespace Tare.Launch;

/// <summary>A process that executes its program, a child of this process. Owns the descriptors; disposing ends nothing.</summary>
public sealed class LaunchedProcess : IDisposable
{
    private readonly ImmutableArray<long> slots;

    internal LaunchedProcess(
        PidFd process,
        int processId,
        ImmutableArray<PidFd> companions,
        ImmutableArray<long> slots,
        LaunchTrace? trace
    )
    {
        Process = process;
        ProcessId = processId;
        Companions = companions;
        this.slots = slots;
        Trace = trace;
    }

    /// <summary>A child of this process that another program has made (clone(2) with CLONE_PARENT).</summary>
    /// <param name="process">The child; owned from now on.</param>
    /// <param name="processId">Its number.</param>
    public static LaunchedProcess Adopt(PidFd process, int processId) => new(process, processId, [], [], null);

    /// <summary>The process. Waiting for it (<see cref="PidFds.Wait"/>) reaps it.</summary>
    public PidFd Process { get; }

    /// <summary>Its number in this process's PID namespace.</summary>
    public int ProcessId { get; }

    /// <summary>The processes that were made along with it, in the order of <see cref="LaunchPlan.Companions"/>; children of this process too.</summary>
    public ImmutableArray<PidFd> Companions { get; }

    /// <summary>When each step ended, if that was asked for.</summary>
    public LaunchTrace? Trace { get; }

    /// <summary>What a slot held when the program was executed.</summary>
    public long this[Slot slot] => slots[slot.Index];

    /// <summary>Kills the process and its companions and reaps them.</summary>
    public void Kill()
    {
        LaunchedChildren.Kill(Process);
        foreach (PidFd companion in Companions)
        {
            LaunchedChildren.Kill(companion);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Process.Dispose();
        foreach (PidFd companion in Companions)
        {
            companion.Dispose();
        }
    }
}
