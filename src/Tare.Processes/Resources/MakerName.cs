using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Names that tell who made something: PID namespace, process and when that was started. What makers left who were killed is
/// known by it to the next program, and removed.
/// </summary>
internal static class MakerName
{
    private static readonly Lazy<ulong> Space = new(Namespace);
    private static readonly Lazy<string> Own = new(() =>
        $"tare-{Space.Value}-{Environment.ProcessId}-{StartOf(Environment.ProcessId) ?? 0}-"
    );

    /// <summary>What the names of this program's things begin with; what makes them different follows, without a hyphen.</summary>
    public static string Prefix => Own.Value;

    /// <summary>Whether a thing's maker is known to be gone; other names, and those of other PID namespaces, are not ours to judge.</summary>
    public static bool IsLeft(string name) => IsLeft(name, Space.Value, StartOf);

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

    private static ulong Namespace()
    {
        using NamespaceFd space = Namespaces.OpenOwn(CloneFlags.CLONE_NEWPID).OrThrow("open the PID namespace");
        return Namespaces.IdentityOf(space).OrThrow("look at the PID namespace");
    }

    private static ulong? StartOf(int processId)
    {
        SysResult<ProcStat> stat = ProcStat.Read(processId);
        return stat.Ok ? stat.Value.StartTicks : null;
    }
}
