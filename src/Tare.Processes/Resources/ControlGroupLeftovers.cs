using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Groups of programs that were killed. The name of a group that was not given one tells who made it: PID namespace, process
/// and when that was started; the next program that makes a group kills and removes those of makers that are gone.
/// </summary>
internal static class ControlGroupLeftovers
{
    private const string Prefix = "tare-";
    private static readonly Lazy<string> Own = new(() =>
        $"{Prefix}{Namespace()}-{Environment.ProcessId}-{Started(Environment.ProcessId)}-"
    );
    private static readonly Lazy<bool> Swept = new(SweepOnce);
    private static int last;

    /// <summary>A name that nobody else has.</summary>
    public static string NewName() =>
        Own.Value + Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture);

    /// <summary>Removes what killed programs left, at the first call.</summary>
    public static void Sweep() => _ = Swept.Value;

    /// <summary>Whether a group's maker is known to be gone; other names, and other PID namespaces' groups, are not ours to judge.</summary>
    internal static bool IsLeft(string name, ulong pidNamespace, Func<int, ulong?> startOf)
    {
        string[] parts = name.Split('-');
        return parts is ["tare", var space, var process, var started, _]
            && ulong.TryParse(space, CultureInfo.InvariantCulture, out ulong where)
            && where == pidNamespace
            && int.TryParse(process, CultureInfo.InvariantCulture, out int id)
            && ulong.TryParse(started, CultureInfo.InvariantCulture, out ulong start)
            && startOf(id) != start;
    }

    internal static bool SweepOnce()
    {
        ulong space = Namespace();
        foreach ((CgroupMount mount, string above, bool unified) in ControlGroupPlaces.Bases())
        {
            using (mount)
            {
                foreach (string name in mount.ListDirectories(above.Length == 0 ? "." : above))
                {
                    if (IsLeft(name, space, StartOf))
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

    private static ulong Namespace()
    {
        using NamespaceFd space = Namespaces.OpenOwn(CloneFlags.CLONE_NEWPID).OrThrow("open the PID namespace");
        return Namespaces.IdentityOf(space).OrThrow("look at the PID namespace");
    }

    private static ulong Started(int processId) => StartOf(processId) ?? 0;

    private static ulong? StartOf(int processId)
    {
        SysResult<ProcStat> stat = ProcStat.Read(processId);
        return stat.Ok ? stat.Value.StartTicks : null;
    }
}
