namespace Tare.Linux.Abi;

/// <summary>
/// The requests of ioctl(2) that Tare uses; the same on x64 and arm64. ioctl_tty(2), linux/nsfs.h, linux/pidfd.h.
/// </summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum IoctlRequest : uint
{
    TCGETS = 0x5401,
    TCSETS = 0x5402,
    TCSETSW = 0x5403,
    TCSETSF = 0x5404,
    TCFLSH = 0x540b,
    TIOCSCTTY = 0x540e,
    TIOCGPGRP = 0x540f,
    TIOCSPGRP = 0x5410,
    TIOCOUTQ = 0x5411,
    TIOCGWINSZ = 0x5413,
    TIOCSWINSZ = 0x5414,
    FIONREAD = 0x541b,
    FIONBIO = 0x5421,
    TIOCNOTTY = 0x5422,
    TIOCGSID = 0x5429,
    TIOCGPTN = 0x80045430,
    TIOCSPTLCK = 0x40045431,
    TIOCGPTPEER = 0x5441,
    NS_GET_USERNS = 0xb701,
    NS_GET_PARENT = 0xb702,
    NS_GET_NSTYPE = 0xb703,
    NS_GET_OWNER_UID = 0xb704,
    NS_GET_MNTNS_ID = 0x8008b705,
    PIDFD_GET_CGROUP_NAMESPACE = 0xff01,
    PIDFD_GET_IPC_NAMESPACE = 0xff02,
    PIDFD_GET_MNT_NAMESPACE = 0xff03,
    PIDFD_GET_NET_NAMESPACE = 0xff04,
    PIDFD_GET_PID_NAMESPACE = 0xff05,
    PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE = 0xff06,
    PIDFD_GET_TIME_NAMESPACE = 0xff07,
    PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE = 0xff08,
    PIDFD_GET_USER_NAMESPACE = 0xff09,
    PIDFD_GET_UTS_NAMESPACE = 0xff0a,
    PIDFD_GET_INFO = 0xc040ff0b,
    SIOCGIFFLAGS = 0x8913,
    SIOCSIFFLAGS = 0x8914,
}
