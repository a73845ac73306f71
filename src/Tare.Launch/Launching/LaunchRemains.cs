using Tare.Linux;

namespace Tare.Launch;

/// <summary>
/// What is left of a launch with gates once its program is executed: a process that ends by itself, a child of this one, and
/// the memory that it still runs in. Owned; to be released when somebody has reaped the process.
/// </summary>
public sealed class LaunchRemains
{
    private readonly LaunchMemory memory;

    internal LaunchRemains(PidFd holder, LaunchMemory memory)
    {
        Holder = holder;
        this.memory = memory;
    }

    /// <summary>The process; it has been released when this has been.</summary>
    public PidFd Holder { get; }

    /// <summary>Lets go of everything: the process has been reaped.</summary>
    public void Release()
    {
        Holder.Dispose();
        memory.Release();
    }

    /// <summary>Waits for the process, which takes a moment, and lets go of everything.</summary>
    public void WaitAndRelease()
    {
        PidFds.Wait(Holder);
        Release();
    }
}
