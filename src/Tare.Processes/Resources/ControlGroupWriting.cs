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
        FillProcessors(places);
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

    private static bool Has(ControlGroup.Place place, string controller) =>
        controller.Length == 0 ? place.Node.IsUnified : place.Controllers.Contains(controller);

    // From the root of the hierarchy to the group above each must hand the controllers down.
    private static void HandDown(CgroupNode node, List<ControlGroupSetting> settings)
    {
        string[] needed = [.. settings.Select(setting => setting.Controller).Where(c => c.Length > 0).Distinct()];
        string path = node.Path;
        for (int end = 0; end < path.Length; )
        {
            int next = path.IndexOf('/', end + 1);
            string above = path[..end];
            string below = next < 0 ? path : path[..next];
            string prefix = above.Length == 0 ? "" : above + "/";
            string[] has = Controllers(node.Mount, below);
            string[] missing = [.. needed.Except(has)];
            if (missing.Length > 0)
            {
                SysResult written = node.Mount.Write(
                    $"{prefix}cgroup.subtree_control",
                    string.Join(' ', missing.Select(controller => $"+{controller}"))
                );
                if (!written.Ok)
                {
                    throw new KernelException(
                        written.Errno,
                        $"hand down '{string.Join(' ', missing)}' from cgroup",
                        $"{node.Mount.MountPoint}/{above}",
                        written.Errno == Errno.EBUSY
                            ? "it has processes of its own: start this program in a group below one that was delegated"
                            : "the controllers were not delegated to this group, or this kernel does not have them"
                    );
                }
            }

            end = below.Length;
        }
    }

    private static string[] Controllers(CgroupMount mount, string path) =>
        (mount.Read($"{path}/cgroup.controllers") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    // In a new group of the cpuset hierarchy of version 1 there are no processors, and no process can enter.
    private static void FillProcessors(IReadOnlyList<ControlGroup.Place> places)
    {
        foreach (ControlGroup.Place place in places)
        {
            if (place.Node.IsUnified || !place.Controllers.Contains("cpuset"))
            {
                continue;
            }

            string path = place.Node.Path;
            string above = path.Contains('/', StringComparison.Ordinal) ? path[..(path.LastIndexOf('/') + 1)] : "";
            foreach (string file in (ReadOnlySpan<string>)["cpuset.cpus", "cpuset.mems"])
            {
                if (string.IsNullOrWhiteSpace(place.Node.Read(file)))
                {
                    string value = (place.Node.Mount.Read(above + file) ?? "").Trim();
                    place.Node.Write(file, value).OrThrow($"write '{value}' to", $"{place.Node.FullPath}/{file}");
                }
            }
        }
    }
}
