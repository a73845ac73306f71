namespace Tare.Linux.Abi;

/// <summary>The operations of epoll_ctl(2). linux/eventpoll.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum EpollOperation
{
    EPOLL_CTL_ADD = 1,
    EPOLL_CTL_DEL = 2,
    EPOLL_CTL_MOD = 3,
}
