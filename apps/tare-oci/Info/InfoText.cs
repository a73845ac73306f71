using System.Text;
using Tare.Linux;

namespace Tare.OciCli.Info;

/// <summary>What <c>info</c> tells people: a line each.</summary>
internal static class InfoText
{
    private const int Column = 36;

    public static string Format(MachineInfo info)
    {
        StringBuilder text = new();
        Line("version", $"{Texts.Number} ({Texts.Commit})");
        Line("kernel", info.Kernel);
        Line("kernel build", info.Build);
        Line("architecture", info.Architecture);
        Line("user", $"{info.Uid}");
        Line("cgroups", info.Cgroups is { } cgroups ? InfoJson.NameOf(cgroups.Mode) : "unknown");
        foreach (CgroupHierarchy hierarchy in info.Cgroups?.Hierarchies ?? [])
        {
            string own = hierarchy.Name is { } name ? $"name={name}" : "";
            Line(
                $"  {hierarchy.MountPoint}",
                $"v{hierarchy.Version} {Joined(hierarchy.Controllers.Append(own).Where(word => word.Length > 0))}"
            );
        }

        Line("systemd", info.IsSystemd ? "yes" : "no");
        Line("namespaces", Joined(info.Namespaces));
        Line("security modules", Joined(info.SecurityModules));
        Line("seccomp", Joined(info.SeccompActions));
        foreach ((string name, CapabilitySet set) in info.Capabilities)
        {
            Line($"{name} capabilities", Joined(set.Enumerate().Select(CapabilityNames.NameOf)));
        }

        foreach (FeatureState feature in info.Features)
        {
            Line(
                feature.Name,
                !feature.Present ? $"no: {feature.Why} ({feature.Remedy})"
                    : feature.Detail > 0 ? $"yes, version {feature.Detail}"
                    : "yes"
            );
        }

        return text.ToString();

        void Line(string name, string value)
        {
            text.Append(Texts.OneLine(name)).Append(' ', Math.Max(2, Column - name.Length));
            text.Append(Texts.OneLine(value)).Append('\n');
        }
    }

    private static string Joined(IEnumerable<string> words) =>
        string.Join(' ', words) is { Length: > 0 } joined ? joined : "none";
}
