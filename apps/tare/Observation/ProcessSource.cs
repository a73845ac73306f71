using System.Diagnostics;
using System.Globalization;
using Tare.Cli.Sandbox;
using Tare.Processes;

namespace Tare.Cli.Observation;

/// <summary>Takes all processes again and again, with rates between one time and the next.</summary>
/// <param name="parts">What is read of each.</param>
internal sealed class ProcessSource(SnapshotParts parts)
{
    private readonly IReadOnlyDictionary<uint, string> users = Accounts.Names();
    private Dictionary<(int, TimeSpan), ProcessSnapshot> before = [];
    private long taken;

    /// <summary>The processes now.</summary>
    public IReadOnlyList<ProcessRow> Take()
    {
        long now = Stopwatch.GetTimestamp();
        IReadOnlyList<ProcessSnapshot> all = ProcessSnapshot.ReadAll(parts);
        TimeSpan interval = taken == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(taken, now);
        Dictionary<(int, TimeSpan), ProcessSnapshot> next = new(all.Count);
        List<ProcessRow> rows = new(all.Count);
        foreach (ProcessSnapshot process in all)
        {
            (int, TimeSpan) key = (process.ProcessId, process.StartedAfterBoot);
            next[key] = process;
            ProcessSample sample = ProcessSample.Between(before.GetValueOrDefault(key), process, interval);
            rows.Add(new(sample, NameOf(process.Status.Users.Effective), ContainerName.Of(process)));
        }

        (before, taken) = (next, now);
        return rows;
    }

    /// <summary>A user's name, or its number.</summary>
    public string NameOf(uint user) =>
        users.TryGetValue(user, out string? name) ? Visible.Of(name) : user.ToString(CultureInfo.InvariantCulture);
}
