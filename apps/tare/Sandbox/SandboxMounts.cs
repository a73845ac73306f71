using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.HostView;

namespace Tare.Cli.Sandbox;

/// <summary>What is mounted in the view of the machine: kernel file systems, a fresh /dev, and what is shown as it is.</summary>
internal static class SandboxMounts
{
    /// <summary>The mounts in order.</summary>
    /// <exception cref="UsageException">A path to be shown is not there.</exception>
    public static IReadOnlyList<MountSpec> Of(RunOptions options, Caller caller, bool hasCgroup)
    {
        List<MountSpec> mounts =
        [
            Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755"),
            Mount("/dev/pts", "devpts", "devpts", [.. PtsOptions(caller)]),
            Mount("/dev/shm", "tmpfs", "shm", "nosuid", "nodev", "mode=1777"),
            Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        ];

        // sysfs shows a network namespace, and only its owner may mount one.
        if (options.HostNetwork && !caller.IsPrivileged)
        {
            mounts.Add(Mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "rro"));
        }
        else
        {
            mounts.Add(Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
            if (hasCgroup)
            {
                mounts.Add(Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "ro"));
            }
        }

        AddNameServers(mounts, options, caller);
        foreach (string path in options.ReadWrite)
        {
            mounts.Add(Shown(path, caller));
        }

        return mounts;
    }

    private static IEnumerable<string> PtsOptions(Caller caller)
    {
        // Terminals belong to the group tty where there is more than one group.
        string[] options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
        return caller.IsPrivileged ? options.Append("gid=5") : options;
    }

    // resolv.conf is often a link into /run, which is empty in the view.
    private static void AddNameServers(List<MountSpec> mounts, RunOptions options, Caller caller)
    {
        if (!options.HostNetwork || caller.IsPrivileged || options.Rootfs is not null)
        {
            return;
        }

        SysResult<string> resolved = HostTree.Resolve("/etc/resolv.conf");
        if (resolved.Ok && resolved.Value.StartsWith("/run/", StringComparison.Ordinal))
        {
            mounts.Add(Mount(resolved.Value, "none", resolved.Value, "bind", "ro", "nosuid", "nodev", "noexec"));
        }
    }

    private static MountSpec Shown(string path, Caller caller)
    {
        string absolute = HostTree.Absolute(path, caller.WorkingDirectory);
        SysResult<string> resolved = HostTree.Resolve(absolute);
        if (!resolved.Ok)
        {
            throw new UsageException(
                $"--read-write: '{absolute}' {resolved.Errno} (name what is there: a file or directory)"
            );
        }

        if (resolved.Value == "/")
        {
            throw new UsageException(
                "--read-write: '/' is the whole machine (name the directories that the command may write)"
            );
        }

        return Mount(resolved.Value, "none", resolved.Value, "rbind", "nosuid");
    }

    private static MountSpec Mount(string destination, string type, string source, params string[] options) =>
        new()
        {
            Destination = destination,
            Type = type,
            Source = source,
            Options = options,
        };
}
