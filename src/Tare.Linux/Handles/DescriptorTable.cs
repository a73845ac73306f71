using System.Buffers.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The calling process's table of descriptors.</summary>
public static class DescriptorTable
{
    /// <summary>
    /// Closes the descriptors from <paramref name="first"/> to <paramref name="last"/>, or with CLOSE_RANGE_CLOEXEC marks
    /// them for execve. Handles that own one of them must not be used afterwards. close_range(2), Linux 5.9.
    /// </summary>
    public static SysResult CloseRange(uint first, uint last, CloseRangeFlags flags) =>
        Interop.Result(Interop.Call(Syscall.close_range, (nint)first, (nint)last, (nint)(uint)flags));

    /// <summary>Another descriptor of the same open file. fcntl(2), F_DUPFD_CLOEXEC.</summary>
    /// <param name="file">The file.</param>
    /// <param name="least">The least number that it may have.</param>
    public static SysResult<FileFd> Duplicate(FileDescriptor file, int least = 0)
    {
        using Borrowed descriptor = new(file);
        nint raw = Fcntl(descriptor.Number, FcntlCommand.F_DUPFD_CLOEXEC, least);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Makes a number stand for the same open file, closing what it stood for. dup3(2).</summary>
    public static SysResult DuplicateTo(FileDescriptor file, int number, bool closeOnExec)
    {
        using Borrowed descriptor = new(file);
        uint flags = closeOnExec ? OpenFlagsTable.For(OpenFlags.O_CLOEXEC, Interop.RunningOn) : 0;
        return Interop.Result(Interop.Call(Syscall.dup3, descriptor.Number, number, (nint)flags));
    }

    /// <summary>
    /// Takes over a descriptor by its number, as an inherited one (standard streams, socket activation): whoever gets the
    /// handle owns it. EBADF where nothing is open there.
    /// </summary>
    public static SysResult<FileFd> Adopt(int number)
    {
        nint raw = Fcntl(number, FcntlCommand.F_GETFD, 0);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd(number), Errno.None);
    }

    /// <summary>Whether a number stands for an open file. fcntl(2), F_GETFD.</summary>
    public static bool IsOpen(int number) => Interop.ErrnoOf(Fcntl(number, FcntlCommand.F_GETFD, 0)) == Errno.None;

    /// <summary>
    /// Whether a number stands for an open file that this program was executed with: what it opens itself is closed by the
    /// next execve, and what it was handed cannot be, for else it would not be there. fcntl(2), F_GETFD.
    /// </summary>
    public static bool IsInherited(int number) => Fcntl(number, FcntlCommand.F_GETFD, 0) == 0;

    /// <summary>Whether the descriptor is closed by execve. fcntl(2), F_GETFD.</summary>
    public static SysResult<bool> IsCloseOnExec(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        nint raw = Fcntl(descriptor.Number, FcntlCommand.F_GETFD, 0);
        return new((raw & 1) != 0, Interop.ErrnoOf(raw));
    }

    /// <summary>Sets whether the descriptor is closed by execve. fcntl(2), F_SETFD.</summary>
    public static SysResult SetCloseOnExec(FileDescriptor file, bool on)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(Fcntl(descriptor.Number, FcntlCommand.F_SETFD, on ? 1 : 0));
    }

    /// <summary>The flags of the open file, which other descriptors may share. fcntl(2), F_GETFL.</summary>
    public static SysResult<OpenFlags> GetStatusFlags(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        nint raw = Fcntl(descriptor.Number, FcntlCommand.F_GETFL, 0);
        return raw < 0
            ? Interop.Failed<OpenFlags>(raw)
            : new(OpenFlagsTable.From((uint)raw, Interop.RunningOn), Errno.None);
    }

    /// <summary>Sets whether reads and writes block, for every descriptor of the open file. fcntl(2), F_SETFL.</summary>
    public static SysResult SetNonBlocking(FileDescriptor file, bool on)
    {
        SysResult<OpenFlags> flags = GetStatusFlags(file);
        if (!flags.Ok)
        {
            return new(flags.Errno);
        }

        OpenFlags wanted = on ? flags.Value | OpenFlags.O_NONBLOCK : flags.Value & ~OpenFlags.O_NONBLOCK;
        using Borrowed descriptor = new(file);
        return Interop.Result(
            Fcntl(descriptor.Number, FcntlCommand.F_SETFL, (nint)OpenFlagsTable.For(wanted, Interop.RunningOn))
        );
    }

    /// <summary>
    /// Has the kernel send this process a signal when there is something to read, whoever wrote it: a process of another PID
    /// namespace, for one, which could not send the signal itself. fcntl(2), F_SETSIG, O_ASYNC.
    /// </summary>
    public static SysResult SignalWhenReadable(FileDescriptor file, Signal signal)
    {
        using Borrowed descriptor = new(file);
        nint raw = Fcntl(descriptor.Number, FcntlCommand.F_SETOWN, Environment.ProcessId);
        raw = raw < 0 ? raw : Fcntl(descriptor.Number, FcntlCommand.F_SETSIG, (nint)(int)signal);
        raw = raw < 0 ? raw : Fcntl(descriptor.Number, FcntlCommand.F_GETFL, 0);
        raw = raw < 0 ? raw : Fcntl(descriptor.Number, FcntlCommand.F_SETFL, raw | (nint)(uint)OpenFlags.O_ASYNC);
        return Interop.Result(raw);
    }

    /// <summary>The numbers that are open in this process now, in order. From /proc/self/fd.</summary>
    public static SysResult<int[]> List()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, "/proc/self/fd");
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using DirectoryFd directory = opened.Value;
        SysResult<List<DirectoryEntry>> entries = DirectoryEntries.Read(directory);
        if (!entries.Ok)
        {
            return new([], entries.Errno);
        }

        List<int> numbers = [];
        foreach (DirectoryEntry entry in entries.Value)
        {
            if (Utf8Parser.TryParse(entry.Name.Bytes, out int number, out _) && number != directory.Number)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return new([.. numbers], Errno.None);
    }

    private static nint Fcntl(int descriptor, FcntlCommand command, nint argument) =>
        Interop.Call(Syscall.fcntl, descriptor, (nint)(int)command, argument);
}
