using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>What a file was when it was looked at: enough to know it again, and to make another like it. statx(2).</summary>
public sealed record FileFacts
{
    /// <summary>The permission bits in <see cref="Mode"/>.</summary>
    internal const FileModes Permissions = (FileModes)0xFFF; // 07777

    /// <summary>Type and permissions.</summary>
    public required FileModes Mode { get; init; }

    /// <summary>The owner.</summary>
    public required uint Uid { get; init; }

    /// <summary>The group.</summary>
    public required uint Gid { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The inode's number in its file system.</summary>
    public required ulong Inode { get; init; }

    /// <summary>How many names it has.</summary>
    public required uint LinkCount { get; init; }

    /// <summary>Of a device node: which device.</summary>
    public required DeviceNumber Device { get; init; }

    /// <summary>When the content changed last.</summary>
    public required FileTime Modified { get; init; }

    /// <summary>When the inode changed last: nobody can set it.</summary>
    public required FileTime Changed { get; init; }

    /// <summary>One of the S_IF types.</summary>
    public FileModes Type => Mode & FileModes.S_IFMT;

    /// <summary>It is a directory.</summary>
    public bool IsDirectory => Type == FileModes.S_IFDIR;

    /// <summary>It is a regular file.</summary>
    public bool IsRegular => Type == FileModes.S_IFREG;

    /// <summary>From what the kernel says.</summary>
    public static FileFacts Of(StatX status) =>
        new()
        {
            Mode = status.Mode,
            Uid = status.UserId,
            Gid = status.GroupId,
            Size = (long)status.Size,
            Inode = status.Inode,
            LinkCount = status.LinkCount,
            Device = (status.Mode & FileModes.S_IFMT) is FileModes.S_IFCHR or FileModes.S_IFBLK
                ? new DeviceNumber(status.SpecialMajor, status.SpecialMinor)
                : default,
            Modified = new FileTime(status.ModificationTime.Seconds, status.ModificationTime.Nanoseconds),
            Changed = new FileTime(status.ChangeTime.Seconds, status.ChangeTime.Nanoseconds),
        };

    /// <summary>
    /// Whether that is still the file that this was. A directory is the same one whatever was put into it or taken out of
    /// it.
    /// </summary>
    /// <param name="other">What is there now.</param>
    /// <param name="sharesInode">
    /// Another name of the inode may have been taken away meanwhile by whoever asks: that alone is no change.
    /// </param>
    public bool IsSameFile(FileFacts other, bool sharesInode = false) =>
        Inode == other.Inode
        && Type == other.Type
        && (
            IsDirectory
            || (Size == other.Size && Modified == other.Modified && (sharesInode || Changed == other.Changed))
        );
}
