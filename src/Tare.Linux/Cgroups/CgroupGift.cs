using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Gives a group of version 2 to a user, who may make groups below it but not change its limits. cgroup-v2.rst, "Delegation".</summary>
public static class CgroupGift
{
    // Where the kernel has no list (before Linux 4.15).
    private static readonly string[] Usual = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];

    /// <summary>Changes the owner of the group and of the files that the kernel's list names; of nothing else.</summary>
    /// <param name="directory">The group.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="user">The user.</param>
    /// <param name="group">The group of users; <see cref="Credentials.Unchanged"/> leaves it.</param>
    /// <exception cref="KernelException">EPERM: needs CAP_CHOWN.</exception>
    public static void Give(DirectoryFd directory, string path, uint user, uint group)
    {
        Files.FChown(directory, user, group).OrThrow("give away cgroup", path);
        foreach (string file in ReadList())
        {
            SysResult given = Files.FChownAt(directory, file, user, group, AtFlags.AT_SYMLINK_NOFOLLOW);

            // The list names files of all controllers, and not every group has all of them.
            if (given.Errno != Errno.ENOENT)
            {
                given.OrThrow("give away", $"{path}/{file}");
            }
        }
    }

    private static IEnumerable<string> ReadList() =>
        Files.ReadAllAt(null, "/sys/kernel/cgroup/delegate", 1 << 16) is { Ok: true, Value: var list }
            ? Encoding.ASCII.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(IsName)
            : Usual;

    private static bool IsName(string name) =>
        !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..");
}
