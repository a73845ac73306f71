using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// Children of this process that a launch's own processes made, which are known by number only. A child that nobody has
/// reaped keeps its number, and that it still is a child is asked again once it is open.
/// </summary>
internal static class LaunchedChildren
{
    /// <summary>Opens a child.</summary>
    /// <exception cref="KernelException">There is no descriptor left, or the child is gone.</exception>
    public static PidFd Open(int processId, string name)
    {
        PidFd process = PidFds.Open(processId).OrThrow("open", name, Gone);
        Errno errno = PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOHANG | WaitOptions.WNOWAIT).Errno;
        if (errno == Errno.None)
        {
            return process;
        }

        process.Dispose();
        throw new KernelException(errno, "open", name, Gone);
    }

    /// <summary>Opens the processes that a plan's slots name; what has been opened is closed again where one fails.</summary>
    /// <exception cref="KernelException">There is no descriptor left, or one is gone.</exception>
    public static ImmutableArray<PidFd> Open(ImmutableArray<Slot> companions, LaunchMemory memory)
    {
        if (companions.IsEmpty)
        {
            return [];
        }

        List<PidFd> opened = [];
        try
        {
            foreach (Slot slot in companions)
            {
                if (memory[slot] > 0)
                {
                    opened.Add(Open((int)memory[slot], slot.Name));
                }
            }

            return [.. opened];
        }
        catch
        {
            opened.ForEach(process => process.Dispose());
            throw;
        }
    }

    /// <summary>Kills a child and reaps it.</summary>
    /// <returns>How it ended; null where it had been reaped already.</returns>
    public static ExitStatus? Kill(PidFd process)
    {
        PidFds.SendSignal(process, Signal.SIGKILL);
        return PidFds.Wait(process).Value?.Status;
    }

    /// <summary>Kills a child and reaps it; a number that is none or not a child's is passed over.</summary>
    public static ExitStatus? Kill(int processId)
    {
        if (processId <= 0)
        {
            return null;
        }

        SysResult<PidFd> opened = PidFds.Open(processId);
        if (!opened.Ok)
        {
            return null;
        }

        using PidFd process = opened.Value;
        return PidFds.Wait(process, WaitOptions.WEXITED | WaitOptions.WNOHANG | WaitOptions.WNOWAIT).Ok
            ? Kill(process)
            : null;
    }

    private const string Gone =
        "was SIGCHLD ignored when this program was started? The kernel takes ended children away then";
}
