using Tare.Oci;

namespace Tare.Runtime.Notification;

/// <summary>
/// The socket by which a container's program says that it is ready, where the runtime itself has been given one
/// (NOTIFY_SOCKET): a directory of the container's state, bound into the container as runc does. sd_notify(3).
/// </summary>
internal static class NotifySocket
{
    /// <summary>The directory in a container's state.</summary>
    public const string Folder = "notify";

    /// <summary>The socket in it.</summary>
    public const string Name = "notify.sock";

    private const string Place = "/run/notify";

    /// <summary>The configuration with the mount and the variable.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="folder">The directory's absolute path.</param>
    public static RuntimeSpec Extend(RuntimeSpec spec, string folder) =>
        spec.Process is not { } process
            ? spec
            : spec with
            {
                Mounts =
                [
                    .. spec.Mounts,
                    new MountSpec
                    {
                        Destination = Place,
                        Source = folder,
                        Options = ["bind", "nosuid", "noexec", "nodev", "ro"],
                    },
                ],
                Process = process with { Env = [.. process.Env, $"NOTIFY_SOCKET={Place}/{Name}"] },
            };
}
