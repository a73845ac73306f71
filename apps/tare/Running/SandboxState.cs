using Tare.Cli.Sandbox;
using Tare.Oci;
using Tare.Runtime;
using Tare.Runtime.Cgroups;
using Tare.Runtime.State;

namespace Tare.Cli.Running;

/// <summary>Where it is on record which cgroups were made: only these could outlive a killed <c>tare run</c>.</summary>
internal static class SandboxState
{
    /// <summary>The records; null where this user has no place for them.</summary>
    public static StateStore? Open(Caller caller)
    {
        if (caller.IsPrivileged)
        {
            return new StateStore("/run/tare-run");
        }

        string? session = Caller.Variable(caller.Environment, "XDG_RUNTIME_DIR");
        return session is { Length: > 0 } && session[0] == '/' ? new StateStore(session + "/tare-run") : null;
    }

    /// <summary>Begins a record, marked as this process's.</summary>
    /// <exception cref="ContainerException">There is no place for it.</exception>
    public static StateDirectory Reserve(StateStore? store, ContainerId id) =>
        store?.Reserve(id)
        ?? throw new ContainerException(
            "there is no place to keep on record that a cgroup is made (set XDG_RUNTIME_DIR to a directory of this user's)"
        );

    /// <summary>What is written down.</summary>
    public static ContainerRecord RecordOf(ContainerId id, Caller caller, ContainerCgroup cgroup) =>
        new()
        {
            Id = id,
            OciVersion = SpecVersion.Newest,
            Bundle = "",
            Rootfs = "",
            Created = TimeProvider.System.GetUtcNow(),
            Owner = caller.Uid,
            Cgroups = [.. cgroup.Places],
        };
}
