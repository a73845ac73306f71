namespace Tare.Linux.Abi;

/// <summary>What fsconfig(2) is to do. linux/mount.h, Linux 5.2.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FsConfigCommand : uint
{
    FSCONFIG_SET_FLAG = 0,
    FSCONFIG_SET_STRING = 1,
    FSCONFIG_SET_BINARY = 2,
    FSCONFIG_SET_PATH = 3,
    FSCONFIG_SET_PATH_EMPTY = 4,
    FSCONFIG_SET_FD = 5,
    FSCONFIG_CMD_CREATE = 6,
    FSCONFIG_CMD_RECONFIGURE = 7,
    FSCONFIG_CMD_CREATE_EXCL = 8,
}
