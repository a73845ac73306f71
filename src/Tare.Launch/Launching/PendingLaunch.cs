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
    private readonly SealedLaunch? sealedLaunch;
    private readonly PidFd first;
    private readonly PidFd? holder;
    private readonly EventFd? gate;
    private readonly PidFd? launcher;
    private readonly PipePair? killer;
    private bool finished;

    internal PendingLaunch(
        LaunchPlan plan,
        LaunchMemory memory,
        LaunchOptions options,
        DumpableGuard dumpable,
        SealedLaunch? sealedLaunch,
        PidFd first,
        PidFd? holder,
        EventFd? gate,
        PidFd? launcher,
        PipePair? killer
    )
    {
        this.plan = plan;
        this.memory = memory;
        this.options = options;
        this.dumpable = dumpable;
        this.sealedLaunch = sealedLaunch;
        this.first = first;
        this.holder = holder;
        this.gate = gate;
        this.launcher = launcher;
        this.killer = killer;
    }

    /// <summary>
    /// The number of the process that goes through the plan, in this process's PID namespace: after a
    /// <see cref="SpawnStep"/> the spawned one. It stays that process's until the launch ends, for it is a child.
    /// </summary>
    public int ProcessId
    {
        get
        {
            ObjectDisposedException.ThrowIf(finished, this);
            return HasSpawned ? SpawnedProcess : memory.Process;
        }
    }

    private bool HasSpawned => SpawnedProcess > 0;

    private int SpawnedProcess =>
        memory.SpawnedProcess is var spawned and > 0 ? spawned : sealedLaunch?.SpawnedProcess ?? 0;

    private Errno Errno => memory.Errno is var errno and not Errno.None ? errno : sealedLaunch?.Errno ?? Errno.None;

    /// <summary>What a slot holds now; settled while the child waits at a gate.</summary>
    public long this[Slot slot]
    {
        get
        {
            ObjectDisposedException.ThrowIf(finished, this);
            return memory[slot];
        }
    }

    /// <summary>Writes to scratch memory that steps behind a gate read, while the child waits at it.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public void Write(Scratch scratch, int offset, ReadOnlySpan<byte> content)
    {
        ObjectDisposedException.ThrowIf(finished, this);
        memory.Write(scratch, offset, content);
    }

    /// <summary>Where scratch memory lies, for pointers that are written to it.</summary>
    public ulong AddressOf(Scratch scratch)
    {
        ObjectDisposedException.ThrowIf(finished, this);
        return memory.AddressOf(scratch);
    }

    /// <summary>Waits until the child has come to a gate.</summary>
    /// <param name="number">The gate's number, from 1; gates come in order.</param>
    /// <exception cref="LaunchException">The child failed before. Everything is undone.</exception>
    /// <exception cref="InvalidOperationException">The program is executed already: the plan's way did not lead through the gate.</exception>
    public void WaitForGate(int number)
    {
        ObjectDisposedException.ThrowIf(finished, this);
        if (!memory.WaitForGate(number))
        {
            throw Succeeded() ? new InvalidOperationException($"the launch did not come to gate {number}") : Fail();
        }
    }

    /// <summary>Lets the child go on from the gate that it waits at, or from the next that it comes to.</summary>
    public void OpenGate() =>
        EventFds
            .Add(gate ?? throw new InvalidOperationException("the launch has no gate"))
            .OrThrow("let the launch go on");

    /// <summary>
    /// Waits until the child has let go of this process's memory and goes on in its sealed image; all gates must have been
    /// opened.
    /// </summary>
    /// <exception cref="LaunchException">A step before failed. Everything is undone.</exception>
    public void WaitForSeal()
    {
        ObjectDisposedException.ThrowIf(finished, this);
        memory.WaitForEnd();
        if (memory.Errno != Errno.None || plan.Steps[memory.Step] is not SealStep)
        {
            throw Fail();
        }

        // The kernel says so a moment before it is so (exec_mmap): until then who looks at the child looks at this memory.
        dumpable.Open(onlyBack: true);
    }

    /// <summary>
    /// Waits until <see cref="ProcessId"/> is that of the process that executes the program, where the sealed image makes one,
    /// or until that has failed. All gates must have been opened.
    /// </summary>
    /// <param name="interruption">It is not waited for either once this descriptor can be read.</param>
    public void WaitForSpawn(FileDescriptor interruption)
    {
        ObjectDisposedException.ThrowIf(finished, this);
        memory.WaitForEnd();
        if (plan.Sealed is { Spawns: true })
        {
            sealedLaunch?.WaitForSpawn(interruption);
        }
    }

    /// <summary>
    /// Lets others join the namespaces of a child that waits at a gate, which they may not once it has changed its
    /// credentials, unless they are root. Has no effect while a launch of this process is closed to ptrace(2) on purpose.
    /// </summary>
    public void OpenToJoining() => dumpable.Open(onlyBack: false);

    /// <summary>
    /// Waits until the program is executed; all gates must have been opened. The launch is over then; disposing it has no
    /// further effect.
    /// </summary>
    /// <exception cref="LaunchException">A step failed. Everything is undone.</exception>
    /// <exception cref="KernelException">There is no descriptor for one of the processes. Disposing undoes everything.</exception>
    public LaunchedProcess Complete()
    {
        LaunchedProcess launched = Complete(out LaunchRemains? remains);
        remains?.WaitAndRelease();
        return launched;
    }

    /// <summary>
    /// The same, but for the end of the process that waited in this one's stead, where there is one: it runs for a moment
    /// still, and may get a processor only when others do without.
    /// </summary>
    /// <param name="remains">What is left to do once it has ended; null where nothing is.</param>
    /// <exception cref="LaunchException">A step failed. Everything is undone.</exception>
    /// <exception cref="KernelException">There is no descriptor for one of the processes. Disposing undoes everything.</exception>
    public LaunchedProcess Complete(out LaunchRemains? remains)
    {
        ObjectDisposedException.ThrowIf(finished, this);
        remains = null;
        memory.WaitForEnd();
        sealedLaunch?.WaitForEnd();
        if (!Succeeded())
        {
            throw Fail();
        }

        LaunchTrace? trace = options.Trace ? memory.ReadTrace() : null;
        int processId = ProcessId;
        PidFd process = HasSpawned ? LaunchedChildren.Open(processId, "the process") : first;
        try
        {
            LaunchedProcess launched = new(
                process,
                processId,
                LaunchedChildren.Open(plan.Companions, memory),
                memory.ReadSlots(),
                trace
            );
            if (process != first)
            {
                PidFds.Wait(first);
                first.Dispose();
            }

            remains = Finish();
            return launched;
        }
        catch when (process != first)
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Leaves the child to itself: it goes on without this process, whose memory it shares until it executes its program.
    /// So that memory is never given back, and where the plan must not be open to ptrace this process stays closed to it.
    /// Preconditions: the child waits for nothing of this process any more. For who is about to end: nobody reaps the child.
    /// </summary>
    public void Leave()
    {
        ObjectDisposedException.ThrowIf(finished, this);
        finished = true;

        // They only wait for the child.
        if (holder is not null)
        {
            LaunchedChildren.Kill(holder);
            holder.Dispose();
        }

        if (HasSpawned)
        {
            LaunchedChildren.Kill(first);
        }

        if (!plan.Undumpable && !plan.HidesItself)
        {
            dumpable.Dispose();
        }

        sealedLaunch?.Dispose();
        first.Dispose();
        gate?.Dispose();
        launcher?.Dispose();
        killer?.Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!finished)
        {
            End();
        }
    }

    // The child must have got as far as executing a program; a plan without one has done all that it was asked to do when
    // its process exits with 0. A process that spawned another has handed over when it exits with 0.
    private bool Succeeded()
    {
        if (Errno != Errno.None || (HasSpawned && !HasEndedWell(first)))
        {
            return false;
        }

        // Who should have made the process in the sealed image ended before.
        if (plan.Sealed is { Spawns: true } && !HasSpawned)
        {
            return false;
        }

        if (LaunchPlan.Executes(plan.Steps[memory.Step]))
        {
            return true;
        }

        using PidFd? spawned = HasSpawned ? LaunchedChildren.Open(SpawnedProcess, "the process") : null;
        return HasEndedWell(spawned ?? first);
    }

    private static bool HasEndedWell(PidFd process) =>
        PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOWAIT) is { Ok: true, Value.Status.Success: true };

    private LaunchException Fail()
    {
        Errno errno = Errno;
        int step =
            memory.Errno != Errno.None ? memory.FailedStep
            : errno != Errno.None ? Math.Clamp(sealedLaunch!.FailedStep, 0, plan.Steps.Length - 1)
            : memory.Step;
        ExitStatus? ended = End();
        return new LaunchException(
            new LaunchFailure(step, plan.Steps[step].Words, errno, errno == Errno.None ? ended : null),
            errno == Errno.None && ended is { Signal: Signal.SIGKILL }
                ? "something killed it: a memory limit, or another process"
                : MissingCalls.Hint(plan.Steps[step], errno)
        );
    }

    // Kills and reaps whatever there is; the memory is let go when nobody runs in it any more. One descriptor at a time:
    // there may be no more of them.
    private ExitStatus? End()
    {
        ExitStatus? ended = LaunchedChildren.Kill(first);
        first.Dispose();
        gate?.Dispose();
        if (HasSpawned)
        {
            ended = LaunchedChildren.Kill(SpawnedProcess) ?? ended;
        }

        foreach (Slot companion in plan.Companions)
        {
            LaunchedChildren.Kill((int)memory[companion]);
        }

        Finish()?.WaitAndRelease();
        return ended;
    }

    private LaunchRemains? Finish()
    {
        finished = true;
        sealedLaunch?.Dispose();
        dumpable.Dispose();
        gate?.Dispose();
        launcher?.Dispose();
        killer?.Dispose();
        if (holder is not null)
        {
            return new LaunchRemains(holder, memory);
        }

        memory.Release();
        return null;
    }
}
