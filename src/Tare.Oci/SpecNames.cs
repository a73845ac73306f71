namespace Tare.Oci;

/// <summary>The specification's words for the closed sets.</summary>
public static class SpecNames
{
    /// <summary>The word for a namespace, which is also the order of the features document.</summary>
    public static string Of(NamespaceType type) =>
        type switch
        {
            NamespaceType.Pid => "pid",
            NamespaceType.Network => "network",
            NamespaceType.Mount => "mount",
            NamespaceType.Ipc => "ipc",
            NamespaceType.Uts => "uts",
            NamespaceType.User => "user",
            NamespaceType.Cgroup => "cgroup",
            NamespaceType.Time => "time",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no namespace"),
        };

    /// <summary>The letter for a kind of device.</summary>
    public static string Of(DeviceType type) =>
        type switch
        {
            DeviceType.All => "a",
            DeviceType.Character => "c",
            DeviceType.UnbufferedCharacter => "u",
            DeviceType.Block => "b",
            DeviceType.Fifo => "p",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no kind of device"),
        };

    /// <summary>The word for a container's status.</summary>
    public static string Of(ContainerStatus status) =>
        status switch
        {
            ContainerStatus.Creating => "creating",
            ContainerStatus.Created => "created",
            ContainerStatus.Running => "running",
            ContainerStatus.Paused => "paused",
            ContainerStatus.Stopped => "stopped",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "no status"),
        };

    /// <summary>The word for a kind of hook.</summary>
    public static string Of(HookKind kind) =>
        kind switch
        {
            HookKind.Prestart => "prestart",
            HookKind.CreateRuntime => "createRuntime",
            HookKind.CreateContainer => "createContainer",
            HookKind.StartContainer => "startContainer",
            HookKind.Poststart => "poststart",
            HookKind.Poststop => "poststop",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of hook"),
        };

    internal static bool TryNamespace(string name, out NamespaceType type)
    {
        (type, bool known) = name switch
        {
            "pid" => (NamespaceType.Pid, true),
            "network" => (NamespaceType.Network, true),
            "mount" => (NamespaceType.Mount, true),
            "ipc" => (NamespaceType.Ipc, true),
            "uts" => (NamespaceType.Uts, true),
            "user" => (NamespaceType.User, true),
            "cgroup" => (NamespaceType.Cgroup, true),
            "time" => (NamespaceType.Time, true),
            _ => (default, false),
        };
        return known;
    }

    internal static bool TryDevice(string name, out DeviceType type)
    {
        (type, bool known) = name switch
        {
            "a" => (DeviceType.All, true),
            "c" => (DeviceType.Character, true),
            "u" => (DeviceType.UnbufferedCharacter, true),
            "b" => (DeviceType.Block, true),
            "p" => (DeviceType.Fifo, true),
            _ => (default, false),
        };
        return known;
    }

    internal static bool TryStatus(string name, out ContainerStatus status)
    {
        (status, bool known) = name switch
        {
            "creating" => (ContainerStatus.Creating, true),
            "created" => (ContainerStatus.Created, true),
            "running" => (ContainerStatus.Running, true),
            "paused" => (ContainerStatus.Paused, true),
            "stopped" => (ContainerStatus.Stopped, true),
            _ => (default, false),
        };
        return known;
    }
}
