using System.Diagnostics;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A process and all that descends from it, found without cgroups. Each is stopped before its children are listed, and it is
/// gone through them again until a whole pass finds nobody who is new or runs: a stopped process makes no child, so the list is
/// whole then. proc_pid_children(5), which is reliable of stopped processes only.
/// </summary>
internal sealed class ProcessTree : IDisposable
{
    private const int Rounds = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly PidFd root;
    private readonly List<PidFd> seeds;
    private readonly Dictionary<int, PidFd> members = [];
    private readonly HashSet<PidFd> asked = [];
    private readonly HashSet<int> ended = [];
    private bool changed;
    private bool full;
    private int denied;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="root">The first process; stays the caller's.</param>
    /// <param name="others">Further ones that descended from it, which may have lost their way to it; owned from now on.</param>
    public ProcessTree(PidFd root, List<PidFd>? others = null)
    {
        this.root = root;
        seeds = others ?? [];
    }

    /// <summary>The processes below the root that were found, by number.</summary>
    public IReadOnlyDictionary<int, PidFd> Members => members;

    /// <summary>Gives the members away.</summary>
    public List<PidFd> TakeMembers()
    {
        List<PidFd> taken = [.. members.Values];
        members.Clear();
        return taken;
    }

    /// <summary>Finds those that are there now, and lets them run.</summary>
    public void Look() => Pass(stops: false);

    /// <summary>
    /// Kills all. The root comes last, so that what loses its parent meanwhile comes to it, where it takes in orphans, and
    /// is found.
    /// </summary>
    /// <returns>False where one is still there after ten seconds: it waits for a device or a file system.</returns>
    /// <exception cref="KernelException">EPERM: a process has become another user's.</exception>
    public bool Kill()
    {
        for (int i = 0; i < Rounds; i++)
        {
            Stop();
            List<PidFd> living = [.. members.Values.Concat(seeds).Where(process => !HasEnded(process))];
            if (living.Count == 0)
            {
                break;
            }

            living.ForEach(KillOne);
            ThrowIfDenied();
            if (!living.TrueForAll(process => HasEnded(process, Longest)))
            {
                return false;
            }

            MakeRoom();
        }

        KillOne(root);
        ThrowIfDenied();
        return HasEnded(root, Longest);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (PidFd process in members.Values.Concat(seeds))
        {
            process.Dispose();
        }
    }

    private void Stop()
    {
        for (int i = 0; i < Rounds; i++)
        {
            changed = false;
            Pass(stops: true);
            if (!changed || full)
            {
                return;
            }
        }
    }

    private void Pass(bool stops)
    {
        HashSet<int> visited = [];
        Stack<PidFd> open = new(seeds.Append(root));
        while (open.TryPop(out PidFd? process))
        {
            if (stops)
            {
                StopOne(process);
            }

            if (ProcDirectory.Open(process) is not { Ok: true } opened)
            {
                continue;
            }

            using DirectoryFd directory = opened.Value;
            int parent = PidFds.GetProcessId(process).Value;
            foreach (int child in ProcDirectory.Children(directory).Value)
            {
                if (visited.Add(child) && Find(child, parent) is { } found)
                {
                    open.Push(found);
                }
            }
        }
    }

    // The number may have become another's between the list and the look: whose parent is the one that was listed is its child.
    private PidFd? Find(int child, int parent)
    {
        if (members.TryGetValue(child, out PidFd? known))
        {
            if (PidFds.GetProcessId(known).Value == child)
            {
                return known;
            }

            members.Remove(child);
            known.Dispose();
        }

        if (ended.Contains(child) && ProcStat.Read(child) is { Ok: true, Value.HasEnded: true })
        {
            return null;
        }

        changed = true;
        SysResult<PidFd> opened = PidFds.Open(child);
        if (!opened.Ok)
        {
            full |= opened.Errno is Errno.EMFILE or Errno.ENFILE;
            return null;
        }

        if (ProcDirectory.Open(opened.Value) is { Ok: true } found)
        {
            using DirectoryFd directory = found.Value;
            if (ProcStat.Read(directory) is { Ok: true, Value: { } stat } && stat.ParentId == parent)
            {
                members.Add(child, opened.Value);
                return opened.Value;
            }
        }

        opened.Value.Dispose();
        return null;
    }

    // A thread that the kernel does not let go (state D) is one that waits for its vfork(2)ed child, which is stopped itself,
    // or will not run anything before the signal that is sent.
    private void StopOne(PidFd process)
    {
        if (ProcDirectory.Open(process) is not { Ok: true } opened)
        {
            return;
        }

        using DirectoryFd directory = opened.Value;
        if (StandsStill(directory, "TtZXx") || (!asked.Add(process) && StandsStill(directory, "TtZXxD")))
        {
            return;
        }

        changed = true;
        if (PidFds.SendSignal(process, Signal.SIGSTOP).Errno == Errno.EPERM)
        {
            denied = Math.Max(denied, PidFds.GetProcessId(process).Value);
            return;
        }

        long begin = Stopwatch.GetTimestamp();
        while (!StandsStill(directory, "TtZXxD") && Stopwatch.GetElapsedTime(begin) < Longest)
        {
            Thread.Yield();
        }
    }

    private static bool StandsStill(DirectoryFd process, string states)
    {
        foreach (int thread in ProcDirectory.ThreadIds(process).Value)
        {
            if (ProcDirectory.OpenThread(process, thread) is not { Ok: true } opened)
            {
                continue;
            }

            using DirectoryFd directory = opened.Value;
            if (
                ProcStat.Read(directory) is { Ok: true, Value: { } stat }
                && !states.Contains(stat.State, StringComparison.Ordinal)
            )
            {
                return false;
            }
        }

        return true;
    }

    // There were more than there are descriptors left for: who has ended needs none, and keeps its number until it is reaped.
    private void MakeRoom()
    {
        if (!full)
        {
            return;
        }

        full = false;
        foreach ((int number, PidFd process) in members)
        {
            ended.Add(number);
            process.Dispose();
        }

        members.Clear();
        asked.Clear();
    }

    private void KillOne(PidFd process)
    {
        if (PidFds.SendSignal(process, Signal.SIGKILL).Errno == Errno.EPERM)
        {
            denied = Math.Max(denied, PidFds.GetProcessId(process).Value);
        }
    }

    private void ThrowIfDenied()
    {
        if (denied > 0)
        {
            throw new KernelException(
                Errno.EPERM,
                "kill process",
                denied.ToString(),
                "it has become another user's: start the tree in a ControlGroup of its own"
            );
        }
    }

    private static bool HasEnded(PidFd process, TimeSpan? wait = null) =>
        Poll.Wait(process, timeout: wait ?? TimeSpan.Zero) is { Ok: false } or { Value: not PollEvents.None };
}
