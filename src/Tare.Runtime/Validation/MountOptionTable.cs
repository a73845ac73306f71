using Tare.Linux.Abi;

namespace Tare.Runtime.Validation;

/// <summary>The names of mount options that the kernel's mount calls take as flags. config.md, "Linux mount options".</summary>
public static class MountOptionTable
{
    private const bool On = false;
    private const bool Off = true;

    /// <summary>Every option that is understood by name, sorted; all others are handed to the file system.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "async",
        "atime",
        "bind",
        "copy-symlink",
        "defaults",
        "dest-nofollow",
        "dev",
        "diratime",
        "dirsync",
        "exec",
        "idmap",
        "iversion",
        "lazytime",
        "loud",
        "mand",
        "noatime",
        "nodev",
        "nodiratime",
        "noexec",
        "noiversion",
        "nolazytime",
        "nomand",
        "norelatime",
        "nostrictatime",
        "nosuid",
        "nosymfollow",
        "private",
        "ratime",
        "rbind",
        "rdev",
        "rdiratime",
        "relatime",
        "remount",
        "rexec",
        "ridmap",
        "rnoatime",
        "rnodev",
        "rnodiratime",
        "rnoexec",
        "rnorelatime",
        "rnostrictatime",
        "rnosuid",
        "rnosymfollow",
        "ro",
        "rprivate",
        "rrelatime",
        "rro",
        "rrw",
        "rshared",
        "rslave",
        "rstrictatime",
        "rsuid",
        "rsymfollow",
        "runbindable",
        "rw",
        "shared",
        "silent",
        "slave",
        "src-nofollow",
        "strictatime",
        "suid",
        "symfollow",
        "sync",
        "tmpcopyup",
        "unbindable",
    ];

    /// <summary>The flag of mount(2) that an option sets, or takes away.</summary>
    public static bool TryGetFlag(string option, out MountFlags flag, out bool off)
    {
        (flag, off) = option switch
        {
            "async" => (MountFlags.MS_SYNCHRONOUS, Off),
            "atime" => (MountFlags.MS_NOATIME, Off),
            "bind" => (MountFlags.MS_BIND, On),
            "defaults" => (MountFlags.None, On),
            "dev" => (MountFlags.MS_NODEV, Off),
            "diratime" => (MountFlags.MS_NODIRATIME, Off),
            "dirsync" => (MountFlags.MS_DIRSYNC, On),
            "exec" => (MountFlags.MS_NOEXEC, Off),
            "iversion" => (MountFlags.MS_I_VERSION, On),
            "lazytime" => (MountFlags.MS_LAZYTIME, On),
            "loud" => (MountFlags.MS_SILENT, Off),
            "mand" => (MountFlags.MS_MANDLOCK, On),
            "noatime" => (MountFlags.MS_NOATIME, On),
            "nodev" => (MountFlags.MS_NODEV, On),
            "nodiratime" => (MountFlags.MS_NODIRATIME, On),
            "noexec" => (MountFlags.MS_NOEXEC, On),
            "noiversion" => (MountFlags.MS_I_VERSION, Off),
            "nolazytime" => (MountFlags.MS_LAZYTIME, Off),
            "nomand" => (MountFlags.MS_MANDLOCK, Off),
            "norelatime" => (MountFlags.MS_RELATIME, Off),
            "nostrictatime" => (MountFlags.MS_STRICTATIME, Off),
            "nosuid" => (MountFlags.MS_NOSUID, On),
            "nosymfollow" => (MountFlags.MS_NOSYMFOLLOW, On),
            "rbind" => (MountFlags.MS_BIND | MountFlags.MS_REC, On),
            "relatime" => (MountFlags.MS_RELATIME, On),
            "remount" => (MountFlags.MS_REMOUNT, On),
            "ro" => (MountFlags.MS_RDONLY, On),
            "rw" => (MountFlags.MS_RDONLY, Off),
            "silent" => (MountFlags.MS_SILENT, On),
            "strictatime" => (MountFlags.MS_STRICTATIME, On),
            "suid" => (MountFlags.MS_NOSUID, Off),
            "symfollow" => (MountFlags.MS_NOSYMFOLLOW, Off),
            "sync" => (MountFlags.MS_SYNCHRONOUS, On),
            _ => ((MountFlags)ulong.MaxValue, On),
        };
        return flag != (MountFlags)ulong.MaxValue;
    }

    /// <summary>The kind of propagation that an option asks for.</summary>
    public static bool TryGetPropagation(string option, out MountFlags kind)
    {
        kind = option switch
        {
            "private" => MountFlags.MS_PRIVATE,
            "rprivate" => MountFlags.MS_PRIVATE | MountFlags.MS_REC,
            "shared" => MountFlags.MS_SHARED,
            "rshared" => MountFlags.MS_SHARED | MountFlags.MS_REC,
            "slave" => MountFlags.MS_SLAVE,
            "rslave" => MountFlags.MS_SLAVE | MountFlags.MS_REC,
            "unbindable" => MountFlags.MS_UNBINDABLE,
            "runbindable" => MountFlags.MS_UNBINDABLE | MountFlags.MS_REC,
            _ => MountFlags.None,
        };
        return kind != MountFlags.None;
    }

    /// <summary>
    /// The attribute of mount_setattr(2) that a recursive option sets, or takes away. One of the ways of noting access
    /// times is given within MOUNT_ATTR__ATIME, relatime being zero.
    /// </summary>
    public static bool TryGetAttribute(string option, out MountAttributeFlags attribute, out bool off)
    {
        (attribute, off) = option switch
        {
            "ratime" => (MountAttributeFlags.MOUNT_ATTR_NOATIME, Off),
            "rdev" => (MountAttributeFlags.MOUNT_ATTR_NODEV, Off),
            "rdiratime" => (MountAttributeFlags.MOUNT_ATTR_NODIRATIME, Off),
            "rexec" => (MountAttributeFlags.MOUNT_ATTR_NOEXEC, Off),
            "rnoatime" => (MountAttributeFlags.MOUNT_ATTR_NOATIME, On),
            "rnodev" => (MountAttributeFlags.MOUNT_ATTR_NODEV, On),
            "rnodiratime" => (MountAttributeFlags.MOUNT_ATTR_NODIRATIME, On),
            "rnoexec" => (MountAttributeFlags.MOUNT_ATTR_NOEXEC, On),
            "rnorelatime" => (MountAttributeFlags.MOUNT_ATTR_RELATIME, Off),
            "rnostrictatime" => (MountAttributeFlags.MOUNT_ATTR_STRICTATIME, Off),
            "rnosuid" => (MountAttributeFlags.MOUNT_ATTR_NOSUID, On),
            "rnosymfollow" => (MountAttributeFlags.MOUNT_ATTR_NOSYMFOLLOW, On),
            "rrelatime" => (MountAttributeFlags.MOUNT_ATTR_RELATIME, On),
            "rro" => (MountAttributeFlags.MOUNT_ATTR_RDONLY, On),
            "rrw" => (MountAttributeFlags.MOUNT_ATTR_RDONLY, Off),
            "rstrictatime" => (MountAttributeFlags.MOUNT_ATTR_STRICTATIME, On),
            "rsuid" => (MountAttributeFlags.MOUNT_ATTR_NOSUID, Off),
            "rsymfollow" => (MountAttributeFlags.MOUNT_ATTR_NOSYMFOLLOW, Off),
            _ => ((MountAttributeFlags)ulong.MaxValue, On),
        };
        return attribute != (MountAttributeFlags)ulong.MaxValue;
    }
}
