using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Writes limits to the files of a group.</summary>
internal static class ControlGroupWriting
{
    /// <summary>Writes them, in the hierarchies that have the controllers.</summary>
    /// <exception cref="KernelException">A value is refused.</exception>
    /// <exception cref="NotSupportedException">A controller is missing.</exception>
    public static void Apply(IReadOnlyList<ControlGroup.Place> places, ControlGroupLimits limits)
    {
        foreach (ControlGroup.Place place in places)
        {
            if (!place.Node.IsUnified && place.Controllers.Contains("cpuset"))
            {
                CgroupProcessors.Fill(place.Node, made: 0);
            }
        }

        bool legacy = places.Any(place => !place.Node.IsUnified);
        List<ControlGroupSetting> settings = legacy
            ? ControlGroupSettings.Legacy(limits)
            : ControlGroupSettings.Unified(limits);
        if (!legacy && settings.Count > 0)
        {
            HandDown(places[0].Node, settings);
        }

        // A value may make sense only with another that is written after it: what is refused is tried once more.
        List<ControlGroupSetting> later = [];
        foreach (ControlGroupSetting setting in settings)
        {
            if (setting.Limit == nameof(limits.SwapMax) && limits.SwapIfCounted && !IsThere(places, setting))
            {
                continue;
            }

            if (Write(places, setting, last: false) == Errno.EINVAL)
            {
                later.Add(setting);
            }
        }

        later.ForEach(setting => Write(places, setting, last: true));
        if (!limits.Devices.IsDefault)
        {
            ControlGroupDevices.Apply(places, limits.Devices);
        }
    }

    private static Errno Write(IReadOnlyList<ControlGroup.Place> places, ControlGroupSetting setting, bool last)
    {
        ControlGroup.Place place =
            places.FirstOrDefault(place => Has(place, setting.Controller))
            ?? throw new NotSupportedException(
                $"{setting.Limit}: there is no cgroup controller '{setting.Controller}' here (leave the limit out)"
            );
        SysResult written = place.Node.Write(setting.File, setting.Value);
        if (written.Ok || (written.Errno == Errno.EINVAL && !last))
        {
            return written.Errno;
        }

        throw new KernelException(
            written.Errno,
            $"write '{setting.Value}' to",
            $"{place.Node.FullPath}/{setting.File}",
            setting.Limit
        );
    }

    private static bool IsThere(IReadOnlyList<ControlGroup.Place> places, ControlGroupSetting setting) =>
        places.Any(place => Has(place, setting.Controller) && place.Node.HasFile(setting.File));

    private static bool Has(ControlGroup.Place place, string controller) =>
        controller.Length == 0 ? place.Node.IsUnified : place.Controllers.Contains(controller);

    private static void HandDown(CgroupNode node, List<ControlGroupSetting> settings)
    {
        string[] needed = [.. settings.Select(setting => setting.Controller).Where(name => name.Length > 0).Distinct()];
        if (CgroupControllers.HandDown(node, needed) is { } failure)
        {
            throw new KernelException(
                failure.Errno,
                $"write '{failure.Value}' to",
                failure.File,
                failure.Errno == Errno.EBUSY
                    ? "it has processes of its own: start this program in a group below one that was delegated"
                    : "the controllers were not delegated to this group, or this kernel does not have them"
            );
        }
    }
}
