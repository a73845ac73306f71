using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// A launch whose child has not executed its program yet, because it waits at gates for this process. Every member is for
/// one thread at a time. Disposing a launch that was neither completed nor left kills and reaps its processes.
/// </summary>
public sealed class PendingLaunch : IDisposable
{
    private readonly LaunchPlan plan;
    private readonly LaunchMemory memory;
    private readonly LaunchOptions options;
    private readonly DumpableGuard dumpable;
    private readonly PidFd first;
    private readonly int firstId;
    private readonly FileDescriptor? gate;
    private readonly PidFd? launcher;
    private bool finished;

    internal PendingLaunch(
        LaunchPlan plan,
        LaunchMemory memory,
        LaunchOptions options,
        DumpableGuard dumpable,
        (PidFd Process, int Id) first,
        (FileDescriptor? Gate, PidFd? Launcher) descriptors
    )
    {
        this.plan = plan;
        this.memory = memory;
        this.options = options;
        this.dumpable = dumpable;
        this.first = first.Process;
        firstId = first.Id;
        gate = descriptors.Gate;
        launcher = descriptors.Launcher;
    }

    /// <summary>
    /// The number of the process that goes through the plan, in this process's PID namespace: after a
    /// <see cref="SpawnStep"/> the spawned one. It stays that process's until the launch ends, for it is a child.
    /// </summary>
    public int ProcessId => memory.SpawnedProcess is var spawned and > 0 ? spawned : firstId;

    /// <summary>What a slot holds now; settled while the child waits at a gate.</summary>
    public long this[Slot slot] => memory[slot];

    /// <summary>Waits until the child waits at a gate.</summary>
    /// <param name="number">The gate's number, from 1; gates come in order.</param>
    /// <exception cref="LaunchException">The child failed before. Everything is undone.</exception>
    public void WaitForGate(int number)
    {
        if (!memory.WaitForGate(number))
        {
            throw Fail();
        }
    }

    /// <summary>Lets the child go on from the gate that it waits at.</summary>
    public void OpenGate() =>
        EventFds.Add((EventFd)gate!).OrThrow("let the launch go on", null, "the launch has no gate");

    /// <summary>Waits until the program is executed. The launch is over; disposing it has no further effect.</summary>
    /// <exception cref="LaunchException">A step failed. Everything is undone.</exception>
    public LaunchedProcess Complete()
    {
        memory.WaitForEnd();
        if (memory.Errno != Errno.None || !CameToItsEnd())
        {
            throw Fail();
        }

        LaunchTrace? trace = options.Trace ? memory.ReadTrace() : null;
        PidFd process = plan.Spawns ? OpenSpawned() : first;
        LaunchedProcess launched = new(process, ProcessId, OpenCompanions(), memory.ReadSlots(), trace);
        if (plan.Spawns)
        {
            PidFds.Wait(first, WaitOptions.WEXITED | WaitOptions.__WALL);
            first.Dispose();
        }

        Finish();
        return launched;
    }

    /// <summary>
    /// Leaves the child to itself: it goes on without this process, whose memory it shares until it executes its program.
    /// So that memory is never given back, and where the plan must not be open to ptrace this process stays closed to it.
    /// </summary>
    public void Leave()
    {
        finished = true;
        if (!plan.Undumpable)
        {
            dumpable.Dispose();
        }

        first.Dispose();
        gate?.Dispose();
        launcher?.Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!finished)
        {
            End();
        }
    }

    // A plan without a program has done all that it was asked to do when its process exits with 0; otherwise the child
    // must have got as far as executing a program.
    private bool CameToItsEnd()
    {
        if (plan.Steps[memory.Step] is CallStep { Call: Syscall.execve or Syscall.execveat })
        {
            return true;
        }

        using PidFd? spawned = plan.Spawns ? OpenSpawned() : null;
        SysResult<WaitOutcome?> outcome = PidFds.Wait(
            spawned ?? first,
            WaitOptions.WEXITED | WaitOptions.WNOWAIT | WaitOptions.__WALL
        );
        return outcome is { Ok: true, Value.Status.Success: true };
    }

    private LaunchException Fail()
    {
        int step = memory.Step;
        Errno errno = memory.Errno;
        ExitStatus? ended = End();
        return new LaunchException(
            new LaunchFailure(step, plan.Steps[step].Words, errno, errno == Errno.None ? ended : null),
            errno == Errno.None && ended is { Signal: Signal.SIGKILL }
                ? "something killed it: a memory limit, or another process"
                : null
        );
    }

    // Kills and reaps whatever there is; the memory is let go when nobody runs in it any more.
    private ExitStatus? End()
    {
        PidFds.SendSignal(first, Signal.SIGKILL);
        ExitStatus? ended = PidFds.Wait(first, WaitOptions.WEXITED | WaitOptions.__WALL).Value?.Status;
        if (plan.Spawns && memory.SpawnedProcess > 0)
        {
            using PidFd spawned = OpenSpawned();
            PidFds.SendSignal(spawned, Signal.SIGKILL);
            ended = PidFds.Wait(spawned, WaitOptions.WEXITED | WaitOptions.__WALL).Value?.Status;
        }

        foreach (PidFd companion in OpenCompanions())
        {
            ChildProcesses.Kill(companion);
            companion.Dispose();
        }

        first.Dispose();
        Finish();
        return ended;
    }

    // A child that nobody has reaped keeps its number, so this is the process.
    private PidFd OpenSpawned() => PidFds.Open(memory.SpawnedProcess).OrThrow("open the spawned process");

    private ImmutableArray<PidFd> OpenCompanions()
    {
        ImmutableArray<PidFd>.Builder opened = ImmutableArray.CreateBuilder<PidFd>(plan.Companions.Length);
        foreach (Slot slot in plan.Companions)
        {
            if (memory[slot] > 0)
            {
                opened.Add(PidFds.Open((int)memory[slot]).OrThrow("open the process", slot.Name));
            }
        }

        return opened.ToImmutable();
    }

    private void Finish()
    {
        finished = true;
        memory.Dispose();
        dumpable.Dispose();
        gate?.Dispose();
        launcher?.Dispose();
    }
}
