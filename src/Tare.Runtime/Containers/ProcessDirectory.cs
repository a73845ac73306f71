using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>
/// A container's first process and its directory in /proc. Both stay that process's whatever becomes of its number: once
/// it has been reaped, reading in the directory fails with ESRCH.
/// </summary>
internal sealed class ProcessDirectory : IDisposable
{
    private ProcessDirectory(PidFd process, DirectoryFd directory)
    {
        Process = process;
        Directory = directory;
    }

    /// <summary>The process.</summary>
    public PidFd Process { get; }

    /// <summary>Its directory.</summary>
    public DirectoryFd Directory { get; }

    /// <summary>Whether it has ended; what was read before was its own.</summary>
    public bool HasEnded => HasEndedNow(Process);

    /// <summary>Opens both; null if the process has ended.</summary>
    /// <exception cref="KernelException">/proc is not mounted, or hides the process.</exception>
    public static ProcessDirectory? TryOpen(ContainerRecord record)
    {
        PidFd? process = ContainerProcess.TryOpen(record);
        if (process is null)
        {
            return null;
        }

        // While the process has not been reaped its number is no other's: what is opened before this look is its own.
        string path = $"/proc/{record.ProcessId}";
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, path);
        bool ended = HasEndedNow(process);
        if (opened.Ok && !ended)
        {
            return new ProcessDirectory(process, opened.Value);
        }

        process.Dispose();
        if (opened.Ok)
        {
            opened.Value.Dispose();
        }

        return ended ? null : throw new KernelException(opened.Errno, "open", path, "mount /proc without hidepid");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Directory.Dispose();
        Process.Dispose();
    }

    private static bool HasEndedNow(PidFd process) =>
        Poll.Wait(process, PollEvents.POLLIN, TimeSpan.Zero).Value != PollEvents.None;
}
