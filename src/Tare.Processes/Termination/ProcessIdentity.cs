using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Who a process is, as its descriptor tells. PIDFD_GET_INFO, Linux 6.13.</summary>
/// <param name="ProcessId">Its number in this process's PID namespace.</param>
/// <param name="ParentId">Its parent's; 0 where that lies outside.</param>
/// <param name="Users">Its users.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="CgroupId">The inode of the directory of its cgroup of version 2.</param>
public sealed record ProcessIdentity(int ProcessId, int ParentId, ProcessIds Users, ProcessIds Groups, ulong CgroupId)
{
    internal static ProcessIdentity From(in PidFdInfo info) =>
        new(
            (int)info.ThreadGroupId,
            (int)info.ParentId,
            new ProcessIds(info.RealUserId, info.EffectiveUserId, info.SavedUserId, info.FileSystemUserId),
            new ProcessIds(info.RealGroupId, info.EffectiveGroupId, info.SavedGroupId, info.FileSystemGroupId),
            info.CgroupId
        );
}
