using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>Steps that make sure what a descriptor is before it is used.</summary>
internal static class Checks
{
    /// <summary>The inode of a procfs's root. linux/proc_fs.h.</summary>
    private const ulong ProcRootInode = 1;

    /// <summary>A descriptor is the root of a procfs.</summary>
    public static void IsProcRoot(PlanState state, Slot proc)
    {
        const string Words = "make sure that '/proc' is the root of a procfs";
        IsOn(state, proc, FileSystemMagic.PROC_SUPER_MAGIC, Words);
        state.Status(Words, proc, StatXMask.STATX_INO);
        state.Plan.Add(
            new CheckStep(Words, state.FileStatus, StatusLayout.Inode, 8, ulong.MaxValue, ProcRootInode)
            {
                Failure = Errno.EXDEV,
            }
        );
    }

    /// <summary>A descriptor lies on a file system of this type.</summary>
    public static void IsOn(PlanState state, Slot file, FileSystemMagic type, string words)
    {
        state.Plan.Call(words, Syscall.fstatfs, file, state.FileSystemStatus);
        state.Plan.Add(
            new CheckStep(words, state.FileSystemStatus, StatusLayout.FileSystemType, 8, ulong.MaxValue, (ulong)type)
            {
                Failure = Errno.EXDEV,
            }
        );
    }

    /// <summary>A descriptor is not in a procfs, which a symlink of the image could lead to.</summary>
    public static void IsNotInProc(PlanState state, Slot file, string path)
    {
        string words = $"make sure that '{path}' does not lead into a procfs";
        state.Plan.Call(words, Syscall.fstatfs, file, state.FileSystemStatus);
        state.Plan.Add(
            new CheckStep(
                words,
                state.FileSystemStatus,
                StatusLayout.FileSystemType,
                8,
                ulong.MaxValue,
                (ulong)FileSystemMagic.PROC_SUPER_MAGIC
            )
            {
                MustDiffer = true,
                Failure = Errno.EXDEV,
            }
        );
    }

    /// <summary>A descriptor is the root of a mount.</summary>
    public static void IsMountRoot(PlanState state, Slot directory, string path, string? words = null)
    {
        words ??= $"make sure that '{path}' is the mount just made";
        state.Status(words, directory, StatXMask.STATX_TYPE);
        state.Plan.Add(
            new CheckStep(
                words,
                state.FileStatus,
                StatusLayout.Attributes,
                8,
                (ulong)StatXAttributes.STATX_ATTR_MOUNT_ROOT,
                (ulong)StatXAttributes.STATX_ATTR_MOUNT_ROOT
            )
            {
                Failure = Errno.EXDEV,
            }
        );
    }

    /// <summary>A descriptor is the device of these numbers, or a FIFO.</summary>
    public static void IsDevice(PlanState state, Slot file, FileModes type, uint major, uint minor, string path)
    {
        bool isFifo = type == FileModes.S_IFIFO;
        string words = isFifo
            ? $"make sure that '{path}' is a FIFO"
            : $"make sure that '{path}' is the device {major}:{minor}";
        state.Status(words, file, StatXMask.STATX_TYPE);
        state.Plan.Add(
            new CheckStep(words, state.FileStatus, StatusLayout.Mode, 2, (ulong)FileModes.S_IFMT, (ulong)type)
            {
                Failure = Errno.ENODEV,
            }
        );
        if (!isFifo)
        {
            ulong numbers = major | ((ulong)minor << 32);
            state.Plan.Add(
                new CheckStep(words, state.FileStatus, StatusLayout.Device, 8, ulong.MaxValue, numbers)
                {
                    Failure = Errno.ENODEV,
                }
            );
        }
    }

    /// <summary>Goes on with the next step for a directory and elsewhere for anything else.</summary>
    public static void IsDirectory(PlanState state, Slot file, string path, Label otherwise)
    {
        string words = $"see whether '{path}' is a directory";
        state.Status(words, file, StatXMask.STATX_TYPE);
        state.Plan.Add(
            new CheckStep(
                words,
                state.FileStatus,
                StatusLayout.Mode,
                2,
                (ulong)FileModes.S_IFMT,
                (ulong)FileModes.S_IFDIR
            )
            {
                Otherwise = otherwise,
            }
        );
    }
}
