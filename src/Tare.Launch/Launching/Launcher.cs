using Tare.Launch.Printing;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// Launches plans. The calling thread makes the child with all its signals blocked; the child runs the plan's emitted code
/// and nothing else, so any number of threads may run and the garbage collector may work meanwhile. Thread-safe.
/// </summary>
/// <remarks>
/// The child's parent is the calling thread, which PR_SET_PDEATHSIG takes literally: a plan that asks for that signal ends
/// with the thread that launched it.
/// </remarks>
public static class Launcher
{
    /// <summary>Launches a plan without gates; returns once the program is executed.</summary>
    /// <exception cref="LaunchException">A step failed. Nothing is left.</exception>
    /// <exception cref="KernelException">There is no memory or descriptor for the launch.</exception>
    public static LaunchedProcess Launch(LaunchPlan plan, LaunchInputs? inputs = null, LaunchOptions? options = null)
    {
        if (plan.WaitsForParent)
        {
            throw new ArgumentException("the plan has gates: begin it, open them, then complete it", nameof(plan));
        }

        using PendingLaunch pending = Begin(plan, inputs, options);
        return pending.Complete();
    }

    /// <summary>Begins a launch. Where the plan has gates the child runs beside this process until they are opened.</summary>
    /// <exception cref="LaunchException">The process could not be made.</exception>
    /// <exception cref="KernelException">There is no memory or descriptor for the launch.</exception>
    public static PendingLaunch Begin(LaunchPlan plan, LaunchInputs? inputs = null, LaunchOptions? options = null)
    {
        if (plan.Steps.IsEmpty)
        {
            throw new ArgumentException("the plan has no steps", nameof(plan));
        }

        options ??= LaunchOptions.Default;
        LaunchMemory memory = LaunchMemory.Make(plan, options);
        EventFd? gate = null;
        PidFd? self = null;
        PipePair? killer = null;
        DumpableGuard? dumpable = null;
        SealedLaunch? sealedLaunch = null;
        List<FileDescriptor> held = [];
        bool begun = false;
        try
        {
            if (plan.WaitsForParent)
            {
                // One gate is opened by one word, so that they may be said in advance.
                gate = EventFds
                    .Create(0, EventFdFlags.EFD_NONBLOCK | EventFdFlags.EFD_SEMAPHORE)
                    .OrThrow("make an eventfd for the launch");
            }

            if (plan.WaitsForParent || plan.Launcher is not null || options.KillLauncherBefore >= 0)
            {
                self = PidFds.Open(Environment.ProcessId).OrThrow("open the launching process");
            }

            if (options.KillLauncherBefore >= 0)
            {
                killer = Pipes.Create().OrThrow("make a pipe for the launch");
                DescriptorTable
                    .SignalWhenReadable(killer.Value.ReadEnd, Signal.SIGKILL)
                    .OrThrow("be killed by what is written to a pipe");
            }

            long cgroup = Fill(plan, memory, inputs, held);
            if (plan.Launcher is { } launcher)
            {
                memory.Fill(launcher, self!.Number);
            }

            sealedLaunch = SealedLaunch.Prepare(plan, memory, options, self, killer?.WriteEnd);
            memory.Prepare(cgroup, gate?.Number ?? -1, self?.Number ?? -1, killer?.WriteEnd.Number ?? -1);
            dumpable = DumpableGuard.Enter(plan.Undumpable, plan.HidesItself);
            PidFd? holder = Make(plan, memory);
            sealedLaunch?.HandOver();
            begun = true;
            return new PendingLaunch(
                plan,
                memory,
                options,
                dumpable,
                sealedLaunch,
                new PidFd(memory.PidFdNumber),
                holder,
                gate,
                self,
                killer
            );
        }
        finally
        {
            foreach (FileDescriptor handle in held)
            {
                handle.DangerousRelease();
            }

            if (!begun)
            {
                dumpable?.Dispose();
                sealedLaunch?.Dispose();
                memory.Dispose();
                gate?.Dispose();
                self?.Dispose();
                killer?.Dispose();
            }
        }
    }

    /// <summary>Makes the child; gives the process that waits in this one's stead, if there is one.</summary>
    private static PidFd? Make(LaunchPlan plan, LaunchMemory memory)
    {
        SysResult<int> made = memory.Run();
        PidFd? holder = null;
        ExitStatus? ended = null;
        if (made.Ok && plan.WaitsForParent)
        {
            holder = new PidFd(memory.HolderPidFdNumber);
            made = memory.WaitForChild();
            if (memory.Process == 0)
            {
                ended = PidFds.Wait(holder).Value?.Status;
                holder.Dispose();
            }
        }

        if (memory.Process > 0)
        {
            return holder;
        }

        LaunchFailure failure = new(null, CloneWords.Purpose(plan), made.Errno, made.Ok ? ended : null);
        throw new LaunchException(failure, CloneFailures.Hint(plan, made.Errno));
    }

    // The child has copies of the descriptors from the clone on, so they are held only until then.
    private static long Fill(LaunchPlan plan, LaunchMemory memory, LaunchInputs? inputs, List<FileDescriptor> held)
    {
        long cgroup = 0;
        Span<bool> given = plan.Slots.Length <= 256 ? stackalloc bool[plan.Slots.Length] : new bool[plan.Slots.Length];
        foreach ((Slot slot, FileDescriptor? handle, long number) in inputs?.Values ?? [])
        {
            if ((uint)slot.Index >= (uint)plan.Slots.Length || plan.Slots[slot.Index] != slot || !slot.IsInput)
            {
                throw new ArgumentException($"{slot} is no input of this plan", nameof(inputs));
            }

            long value = number;
            if (handle is not null)
            {
                bool added = false;
                handle.DangerousAddRef(ref added);
                held.Add(handle);
                value = handle.Number;
            }

            memory.Fill(slot, value);
            given[slot.Index] = true;
            if (ReferenceEquals(slot, plan.Cgroup))
            {
                cgroup = value;
            }
        }

        foreach (Slot slot in plan.Slots)
        {
            if (slot.IsInput && !given[slot.Index] && !plan.IsOwnInput(slot))
            {
                throw new ArgumentException($"the plan's input {slot} is not given", nameof(inputs));
            }
        }

        return cgroup;
    }
}
