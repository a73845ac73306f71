using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// The directory of a process or thread under /proc. It belongs to that one for good: once it has been reaped everything in
/// it is ESRCH or ENOENT, also when the number has been given to another.
/// </summary>
public static class ProcDirectory
{
    /// <summary>That of a process by number. ENOENT: there is none, or procfs hides it (hidepid).</summary>
    public static SysResult<DirectoryFd> Open(int processId) => Files.OpenDirectoryAt(null, $"/proc/{processId}");

    /// <summary>That of a process by number in another procfs than the one on /proc.</summary>
    /// <param name="procfs">Its root: <see cref="Mounts.NewProc"/>, or a directory.</param>
    /// <param name="processId">The number in the PID namespace that it shows.</param>
    public static SysResult<DirectoryFd> Open(FileDescriptor procfs, int processId) =>
        Files.OpenDirectoryAt(procfs, $"{processId}");

    /// <summary>That of a process by its descriptor. ESRCH: it was reaped, or is not seen from this PID namespace.</summary>
    public static SysResult<DirectoryFd> Open(PidFd process)
    {
        SysResult<int> number = PidFds.GetProcessId(process);
        if (!number.Ok || number.Value == 0)
        {
            return new(null!, number.Ok ? Errno.ESRCH : number.Errno);
        }

        SysResult<DirectoryFd> opened = Open(number.Value);
        if (!opened.Ok)
        {
            return new(null!, opened.Errno == Errno.ENOENT ? Errno.ESRCH : opened.Errno);
        }

        // It still has its number now, so what was opened is its directory and no successor's.
        SysResult<int> again = PidFds.GetProcessId(process);
        if (again.Ok && again.Value == number.Value)
        {
            return opened;
        }

        opened.Value.Dispose();
        return new(null!, again.Ok ? Errno.ESRCH : again.Errno);
    }

    /// <summary>That of one of a process's threads.</summary>
    /// <param name="process">The process's directory.</param>
    /// <param name="threadId">The thread.</param>
    public static SysResult<DirectoryFd> OpenThread(DirectoryFd process, int threadId) =>
        Files.OpenDirectoryAt(process, $"task/{threadId}");

    /// <summary>The numbers of all processes that procfs shows, in rising order.</summary>
    public static SysResult<IReadOnlyList<int>> ProcessIds() => Numbers(null, "/proc");

    /// <summary>The numbers of all processes that another procfs shows, in rising order.</summary>
    /// <param name="procfs">Its root: <see cref="Mounts.NewProc"/>, or a directory.</param>
    public static SysResult<IReadOnlyList<int>> ProcessIds(FileDescriptor procfs) => Numbers(procfs, ".");

    /// <summary>The numbers of a process's threads, in rising order.</summary>
    public static SysResult<IReadOnlyList<int>> ThreadIds(DirectoryFd process) => Numbers(process, "task");

    /// <summary>The numbers of a process's open files, in rising order. EACCES: no right to trace it.</summary>
    public static SysResult<IReadOnlyList<int>> FileNumbers(DirectoryFd process) => Numbers(process, "fd");

    /// <summary>
    /// A process's children, those of all its threads. ENOENT: the kernel was built without CONFIG_PROC_CHILDREN. Children
    /// that come or go meanwhile may be missed.
    /// </summary>
    public static SysResult<IReadOnlyList<int>> Children(DirectoryFd process)
    {
        SysResult<IReadOnlyList<int>> threads = ThreadIds(process);
        if (!threads.Ok)
        {
            return threads;
        }

        List<int> children = [];
        Errno failed = Errno.None;
        bool any = false;
        foreach (int thread in threads.Value)
        {
            SysResult<byte[]> text = Files.ReadAllAt(process, $"task/{thread}/children", 1 << 24);
            if (!text.Ok)
            {
                failed = text.Errno;
                continue;
            }

            any = true;
            TextFields fields = new(text.Value);
            for (ReadOnlySpan<byte> field = fields.Next(); !field.IsEmpty; field = fields.Next())
            {
                if (ProcText.TryInt32(field, out int child))
                {
                    children.Add(child);
                }
            }
        }

        children.Sort();
        return new(children, any ? Errno.None : failed);
    }

    /// <summary>What a symbolic link of the directory leads to: <c>exe</c>, <c>cwd</c>, <c>root</c>, <c>ns/mnt</c>. EACCES: no right.</summary>
    public static SysResult<string> Target(DirectoryFd process, BytePath link)
    {
        SysResult<BytePath> target = Files.ReadLinkAt(process, link);
        return new(target.Ok ? target.Value.ToString() : "", target.Errno);
    }

    /// <summary>The arguments it was started with, or what it has written over them; none for a kernel's thread.</summary>
    public static SysResult<IReadOnlyList<string>> CommandLine(DirectoryFd process) => ZeroEnded(process, "cmdline");

    /// <summary>The environment it was started with. EACCES: no right to trace it.</summary>
    public static SysResult<IReadOnlyList<string>> Environment(DirectoryFd process) => ZeroEnded(process, "environ");

    /// <summary>A file of one line, without its end.</summary>
    public static SysResult<string> Line(DirectoryFd process, BytePath file)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, file, 1 << 16);
        return new(text.Ok ? ProcText.String(text.Value.AsSpan().TrimEnd("\n\0"u8)) : "", text.Errno);
    }

    private static SysResult<IReadOnlyList<string>> ZeroEnded(DirectoryFd process, BytePath file)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, file, 1 << 24);
        return new(text.Ok ? ProcText.ZeroEnded(text.Value) : [], text.Errno);
    }

    private static SysResult<IReadOnlyList<int>> Numbers(FileDescriptor? at, BytePath path)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(at, path);
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using DirectoryFd directory = opened.Value;
        SysResult<List<DirectoryEntry>> entries = DirectoryEntries.Read(directory);
        List<int> numbers = [];
        foreach (DirectoryEntry entry in entries.Value)
        {
            if (ProcText.TryInt32(entry.Name.Bytes, out int number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return new(numbers, entries.Errno);
    }
}
