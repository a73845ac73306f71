using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Pseudo-terminals. pty(7), devpts of the kernel's documentation.</summary>
public static class Ptys
{
    /// <summary>
    /// A new pseudo-terminal's master, its slave unlocked. It is opened through a directory that is checked to be a devpts,
    /// or through /dev/ptmx.
    /// </summary>
    /// <param name="devPts">The root of a devpts, or null for the machine's own.</param>
    public static SysResult<PtyFd> OpenMaster(DirectoryFd? devPts = null)
    {
        SysResult<PtyFd> opened = devPts is null ? Open(null, "/dev/ptmx") : OpenChecked(devPts);
        if (!opened.Ok)
        {
            return opened;
        }

        using Borrowed descriptor = new(opened.Value);
        int locked = 0;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.TIOCSPTLCK, ref locked);
        if (raw >= 0)
        {
            return opened;
        }

        opened.Value.Dispose();
        return Interop.Failed<PtyFd>(raw);
    }

    /// <summary>The slave of a master, without walking a path, so that nobody can slip in another file. TIOCGPTPEER, Linux 4.13.</summary>
    public static SysResult<PtyFd> OpenSlave(FileDescriptor master)
    {
        using Borrowed descriptor = new(master);
        OpenFlags flags = OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC;
        nint raw = Interop.ioctl(
            descriptor.Number,
            IoctlRequest.TIOCGPTPEER,
            (nint)OpenFlagsTable.For(flags, Interop.RunningOn)
        );
        return raw < 0 ? Interop.Failed<PtyFd>(raw) : new(new PtyFd((int)raw), Errno.None);
    }

    /// <summary>The number of the slave: its name in the devpts. TIOCGPTN.</summary>
    public static SysResult<int> GetNumber(PtyFd master)
    {
        using Borrowed descriptor = new(master);
        int number = 0;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.TIOCGPTN, ref number);
        return new(number, Interop.ErrnoOf(raw));
    }

    private static SysResult<PtyFd> OpenChecked(DirectoryFd devPts)
    {
        SysResult<StatFs> system = Files.FStatFs(devPts);
        if (!system.Ok || system.Value.Type != FileSystemMagic.DEVPTS_SUPER_MAGIC)
        {
            return new(null!, system.Ok ? Errno.ENODEV : system.Errno);
        }

        return Open(devPts, "ptmx");
    }

    private static SysResult<PtyFd> Open(DirectoryFd? directory, BytePath path)
    {
        using Borrowed at = new(directory);
        nint raw = Interop.openat(at.Number, path, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY, FileModes.None);
        return raw < 0 ? Interop.Failed<PtyFd>(raw) : new(new PtyFd((int)raw), Errno.None);
    }
}
