using Tare.Runtime.Cgroups;
using Tare.Runtime.DBus;
using Tare.Runtime.State;

namespace Tare.Runtime.Systemd;

/// <summary>What a container's scope is begun with. systemd.scope(5), systemd.unit(5).</summary>
internal static class ScopeProperties
{
    /// <summary>The properties, those of annotations last, so that they have the last word.</summary>
    /// <param name="id">The container.</param>
    /// <param name="scope">Its scope and slice.</param>
    /// <param name="processId">The process that the scope begins with, as the service manager numbers it.</param>
    /// <param name="settings">The container's limits.</param>
    /// <param name="annotated">What annotations ask for.</param>
    /// <param name="version">The version of systemd.</param>
    public static IReadOnlyList<UnitProperty> Of(
        ContainerId id,
        ScopeName scope,
        int processId,
        IReadOnlyList<CgroupSetting> settings,
        IReadOnlyList<UnitProperty> annotated,
        int version
    )
    {
        List<UnitProperty> properties =
        [
            new("Description", DBusVariant.Of($"tare container {id}")),
            new("Slice", DBusVariant.Of(scope.Slice)),
            .. Plain(processId),
            // All controllers, and the groups below are the container's: systemd writes nothing there.
            new("Delegate", DBusVariant.Of(true)),
            new("MemoryAccounting", DBusVariant.Of(true)),
            new("CPUAccounting", DBusVariant.Of(true)),
            new("IOAccounting", DBusVariant.Of(true)),
            new("TasksAccounting", DBusVariant.Of(true)),
        ];
        foreach (UnitProperty property in ResourceProperties.Of(settings, version))
        {
            ResourceProperties.Set(properties, property.Name, property.Value);
        }

        foreach (UnitProperty property in annotated)
        {
            ResourceProperties.Set(properties, property.Name, property.Value);
        }

        return properties;
    }

    /// <summary>What every scope begins with that goes when its processes have ended, however they did.</summary>
    public static UnitProperty[] Plain(int processId) =>
        [
            new("PIDs", DBusVariant.Of([(uint)processId])),
            new("DefaultDependencies", DBusVariant.Of(false)),
            new("CollectMode", DBusVariant.Of("inactive-or-failed")),
        ];
}
