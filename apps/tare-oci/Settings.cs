using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;

namespace Tare.OciCli;

/// <summary>What the global options say.</summary>
internal sealed record Settings
{
    /// <summary>Where the state of containers is kept.</summary>
    public required string Root { get; init; }

    /// <summary>Limits that cannot be had because the user may not make cgroups are left out and not an error.</summary>
    public bool IgnoreCgroupErrors { get; init; }

    /// <summary>Containers get no cgroups.</summary>
    public bool HasNoCgroups { get; init; }

    /// <summary>systemd makes the cgroups of containers that are created.</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>Reads the global options.</summary>
    /// <exception cref="UsageException">An option has a value that it cannot have.</exception>
    public static Settings From(Arguments arguments)
    {
        string manager = arguments.Text("cgroup-manager") ?? "cgroupfs";
        if (manager is not ("cgroupfs" or "systemd" or "disabled"))
        {
            throw new UsageException(
                $"invalid value \"{manager}\" for --cgroup-manager (use cgroupfs, systemd or disabled)"
            );
        }

        string rootless = arguments.Text("rootless") ?? "auto";
        if (rootless is not ("true" or "false" or "auto"))
        {
            throw new UsageException($"invalid value \"{rootless}\" for --rootless (use true, false or auto)");
        }

        string root = arguments.Text("root") ?? DefaultRoot();
        if (root.Length == 0)
        {
            throw new UsageException("invalid value \"\" for --root (name a directory)");
        }

        return new Settings
        {
            Root = root,
            IgnoreCgroupErrors = rootless == "true",
            HasNoCgroups = manager == "disabled",
            SystemdCgroup = arguments.Has("systemd-cgroup") || manager == "systemd",
        };
    }

    private static string DefaultRoot()
    {
        string? session = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(session) || IsMachinesRoot() ? "/run/tare" : session + "/tare";
    }

    // Not the root of a user namespace, as whom Podman of an ordinary user calls: the variable is the user's. But a person
    // who became root in one, by unshare(1) or in a container, has USER from there, and its own /run.
    private static bool IsMachinesRoot() =>
        Privileges.IsRoot && (Privileges.IsMachineRoot() || Environment.GetEnvironmentVariable("USER") is "root");
}
