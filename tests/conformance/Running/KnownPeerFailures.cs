namespace Tare.Conformance.Running;

/// <summary>
/// What releases of other runtimes are known not to do, and why: known-peer-failures.tsv, a line each of runtime, version,
/// group, requirement and reason.
/// </summary>
public sealed class KnownPeerFailures
{
    private readonly Dictionary<(string Runtime, string Group, string Requirement), string> _reasons = [];
    private readonly HashSet<(string Runtime, string Version)> _releases = [];

    private KnownPeerFailures(IEnumerable<string> lines)
    {
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] fields = line.Split('\t');
            if (fields.Length != 5 || !_reasons.TryAdd((fields[0], fields[2], fields[3]), fields[4]))
            {
                throw new InvalidDataException($"known-peer-failures.tsv: not five fields, or said twice: '{line}'");
            }

            _releases.Add((fields[0], fields[1]));
        }
    }

    /// <summary>Those that go with the program.</summary>
    public static KnownPeerFailures Load() =>
        new(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "known-peer-failures.tsv")));

    /// <summary>All of them: runtime, group and requirement.</summary>
    public IEnumerable<(string Runtime, string Group, string Requirement)> All => _reasons.Keys;

    /// <summary>Whether they were found out with this release.</summary>
    public bool Covers(OciRuntime runtime) => _releases.Contains((runtime.Name, runtime.Version));

    /// <summary>Why a runtime fails a check; null where it is not known to.</summary>
    public string? ReasonOf(OciRuntime runtime, string group, string requirement) =>
        Covers(runtime) ? _reasons.GetValueOrDefault((runtime.Name, group, requirement)) : null;
}
