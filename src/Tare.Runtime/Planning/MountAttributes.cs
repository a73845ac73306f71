using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>Translates the flags of mount(2) to the attributes of mount_setattr(2).</summary>
internal static class MountAttributes
{
    private const MountFlags Times = MountFlags.MS_NOATIME | MountFlags.MS_RELATIME | MountFlags.MS_STRICTATIME;

    /// <summary>
    /// What to set and what to take away from a mount that has its own attributes already, so that the flags hold that were
    /// named and all others stay as they are. Flags of the file system itself have no such attribute and are left out.
    /// </summary>
    public static (MountAttributeFlags Set, MountAttributeFlags Clear) Of(MountFlags flags, MountFlags cleared)
    {
        MountAttributeFlags set = Plain(flags);
        MountAttributeFlags clear = Plain(cleared);
        if (((flags | cleared) & Times) != 0)
        {
            clear |= MountAttributeFlags.MOUNT_ATTR__ATIME;
            set |=
                (flags & MountFlags.MS_NOATIME) != 0 ? MountAttributeFlags.MOUNT_ATTR_NOATIME
                : (flags & MountFlags.MS_STRICTATIME) != 0 ? MountAttributeFlags.MOUNT_ATTR_STRICTATIME
                : MountAttributeFlags.MOUNT_ATTR_RELATIME;
        }

        return (set, clear);
    }

    private static MountAttributeFlags Plain(MountFlags flags) =>
        Bit(flags, MountFlags.MS_RDONLY, MountAttributeFlags.MOUNT_ATTR_RDONLY)
        | Bit(flags, MountFlags.MS_NOSUID, MountAttributeFlags.MOUNT_ATTR_NOSUID)
        | Bit(flags, MountFlags.MS_NODEV, MountAttributeFlags.MOUNT_ATTR_NODEV)
        | Bit(flags, MountFlags.MS_NOEXEC, MountAttributeFlags.MOUNT_ATTR_NOEXEC)
        | Bit(flags, MountFlags.MS_NODIRATIME, MountAttributeFlags.MOUNT_ATTR_NODIRATIME)
        | Bit(flags, MountFlags.MS_NOSYMFOLLOW, MountAttributeFlags.MOUNT_ATTR_NOSYMFOLLOW);

    private static MountAttributeFlags Bit(MountFlags flags, MountFlags flag, MountAttributeFlags attribute) =>
        (flags & flag) != 0 ? attribute : 0;
}
