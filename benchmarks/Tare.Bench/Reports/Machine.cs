using System.Globalization;
using System.Reflection;
using Tare.Linux;

namespace Tare.Bench.Reports;

/// <summary>Where and when was measured, in words.</summary>
internal static class Machine
{
    /// <summary>One line.</summary>
    public static string Describe(CgroupLayout layout, int rounds)
    {
        string processors = File.ReadAllText("/proc/cpuinfo");
        string virtualised = processors.Contains("hypervisor", StringComparison.Ordinal) ? ", virtual" : "";
        string kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        string version =
            Assembly
                .GetExecutingAssembly()
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
            ?? "unknown";
        string date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{date}, Tare {version}, {rounds} rounds. {Model(processors)}, {Environment.ProcessorCount} processors"
            + $"{virtualised}; Linux {kernel}; {Distribution()}; cgroups {Words(layout)}.";
    }

    private static string Model(string processors)
    {
        foreach (string line in processors.Split('\n'))
        {
            if (line.StartsWith("model name", StringComparison.Ordinal))
            {
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }

        return System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Distribution()
    {
        foreach (string line in File.ReadLines("/etc/os-release"))
        {
            if (line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))
            {
                return line["PRETTY_NAME=".Length..].Trim('"');
            }
        }

        return "an unnamed distribution";
    }

    private static string Words(CgroupLayout layout) =>
        layout.Mode switch
        {
            CgroupMode.Unified => "v2",
            CgroupMode.Hybrid => $"hybrid: {layout.Hierarchies.Count - 1} hierarchies of v1 and one of v2",
            _ => $"v1: {layout.Hierarchies.Count} hierarchies",
        };
}
