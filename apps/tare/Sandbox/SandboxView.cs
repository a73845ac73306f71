using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Runtime.HostView;

namespace Tare.Cli.Sandbox;

/// <summary>The files that the program sees. Looks, changes nothing.</summary>
internal static class SandboxView
{
    /// <summary>This machine's files, or those below the directory that was named.</summary>
    /// <exception cref="UsageException">There is no such directory.</exception>
    public static HostLayout Of(RunOptions options, Caller caller, string directory)
    {
        if (options.Rootfs is { } rootfs)
        {
            string path = HostTree.Absolute(rootfs, caller.WorkingDirectory);
            SysResult<string> resolved = HostTree.Resolve(path);
            HostFile? file = resolved.Ok ? HostTree.Look(resolved.Value) : null;
            return file is { IsDirectory: true } found
                ? HostLayout.OfDirectory(caller.IsPrivileged, resolved.Value, found)
                : throw new UsageException(
                    $"--rootfs: '{path}' {(resolved.Ok ? Linux.Abi.Errno.ENOTDIR : resolved.Errno)} "
                        + "(name a directory that holds a root file system)"
                );
        }

        return HostLayout.Decide(
            new HostViewRequest
            {
                IsPrivileged = caller.IsPrivileged,
                Uid = caller.Uid,
                WorkingDirectory = directory,
                Home = caller.Home,
                Fresh = [.. Fresh(caller)],
                Hidden = options.LayerRoot is { } layers ? [layers] : [],
            },
            HostTree.ReadMounts(),
            HostTree.Look
        );
    }

    // The sockets of this machine's services lie in /run: read-only does not keep anybody from talking to them, where an
    // overlay does. Where programs themselves lie there (NixOS) only users' own directories are emptied.
    private static IEnumerable<string> Fresh(Caller caller)
    {
        string[] wanted =
            caller.IsPrivileged ? ["/tmp"]
            : HostTree.Look("/run/current-system") is null ? ["/tmp", "/var/tmp", "/run"]
            : ["/tmp", "/var/tmp", "/run/user"];
        return wanted.Select(HostTree.Resolve).Where(path => path.Ok).Select(path => path.Value).Distinct();
    }
}
