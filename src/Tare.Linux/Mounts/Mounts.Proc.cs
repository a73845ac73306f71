using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Which processes a procfs hides from those that may not trace them: its option <c>hidepid</c>. proc(5), Linux 5.8.</summary>
public enum ProcessHiding
{
    /// <summary>None.</summary>
    Off = 0,

    /// <summary>Their directories are seen and not read.</summary>
    NoAccess = 1,

    /// <summary>Not even their directories are seen.</summary>
    Invisible = 2,

    /// <summary>So for everybody: also the group has to have the right to trace.</summary>
    OnlyTraceable = 4,
}

public static partial class Mounts
{
    /// <summary>
    /// A procfs of one's own, of the calling thread's PID namespace and attached nowhere, with options that no other has.
    /// EPERM: no CAP_SYS_ADMIN, or in a user namespace something covers parts of the /proc that is there; EINVAL: options
    /// that came with Linux 5.8. fsopen(2).
    /// </summary>
    /// <param name="hiding">Which processes are hidden.</param>
    /// <param name="onlyProcesses">Nothing but the processes' directories is there.</param>
    /// <param name="group">Whom nothing is hidden from, as a group of the mounter's.</param>
    public static SysResult<MountFd> NewProc(
        ProcessHiding hiding = ProcessHiding.Off,
        bool onlyProcesses = false,
        uint? group = null
    )
    {
        SysResult<FileSystemContextFd> opened = FsOpen("proc");
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        using FileSystemContextFd context = opened.Value;
        SysResult step = FsConfigString(context, "hidepid", ((int)hiding).ToString(CultureInfo.InvariantCulture));
        if (step.Ok && onlyProcesses)
        {
            step = FsConfigString(context, "subset", "pid");
        }

        if (step.Ok && group is { } number)
        {
            step = FsConfigString(context, "gid", number.ToString(CultureInfo.InvariantCulture));
        }

        if (step.Ok)
        {
            step = FsConfigCreate(context);
        }

        return step.Ok
            ? FsMount(
                context,
                MountAttributeFlags.MOUNT_ATTR_NOSUID
                    | MountAttributeFlags.MOUNT_ATTR_NODEV
                    | MountAttributeFlags.MOUNT_ATTR_NOEXEC
            )
            : new(null!, step.Errno);
    }
}
