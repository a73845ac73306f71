using System.Globalization;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// Groups of programs that were killed. The name of a group that was not given one tells who made it; the next program that makes
/// a group kills and removes those of makers that are gone.
/// </summary>
internal static class ControlGroupLeftovers
{
    private static readonly Lazy<bool> Swept = new(SweepOnce);
    private static int last;

    /// <summary>A name that nobody else has.</summary>
    public static string NewName() =>
        MakerName.Prefix + Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture);

    /// <summary>Removes what killed programs left, at the first call.</summary>
    public static void Sweep() => _ = Swept.Value;

    internal static bool SweepOnce()
    {
        foreach ((CgroupMount mount, string above, bool unified) in ControlGroupPlaces.Bases())
        {
            using (mount)
            {
                foreach (string name in mount.ListDirectories(above.Length == 0 ? "." : above))
                {
                    if (MakerName.IsLeft(name))
                    {
                        CgroupNode node = new(mount, above.Length == 0 ? name : $"{above}/{name}", unified);
                        CgroupKilling.Kill(unified ? node : null, null, () => ProcessesOf(node));
                        node.RemoveTree();
                    }
                }
            }
        }

        return true;
    }

    private static SortedSet<int> ProcessesOf(CgroupNode node)
    {
        SortedSet<int> processes = [];
        node.CollectProcesses(processes);
        return processes;
    }
}
