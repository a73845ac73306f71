namespace Tare.Architecture.Tests.Rules;

/// <summary>
/// Who may know whom: Linux ← Launch ← Processes; Linux, Launch, Oci ← Runtime ← Engine ← Engine.* ← apps.
/// Processes and Runtime do not know each other. Tests and benchmarks may know all, and nobody knows them.
/// </summary>
public static class Arrows
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Tare.Linux"] = [],
        ["Tare.Launch"] = ["Tare.Linux"],
        ["Tare.Processes"] = ["Tare.Linux", "Tare.Launch"],
        ["Tare.Oci"] = [],
        ["Tare.Runtime"] = ["Tare.Linux", "Tare.Launch", "Tare.Oci"],
        ["tare"] = ["Tare.Linux", "Tare.Launch", "Tare.Processes", "Tare.Oci", "Tare.Runtime"],
        ["tare-oci"] = ["Tare.Linux", "Tare.Launch", "Tare.Oci", "Tare.Runtime"],
    };

    public static IEnumerable<string> Complaints(IEnumerable<ProjectFile> projects)
    {
        foreach (ProjectFile project in projects.Where(project => project.Area is "src" or "apps"))
        {
            if (!Allowed.TryGetValue(project.Name, out string[]? known))
            {
                yield return $"{project.Name}: a room without a place in the drawing (add it to {nameof(Arrows)})";
                continue;
            }

            foreach (string reference in project.References.Except(known))
            {
                yield return $"{project.Name} → {reference}: no such arrow";
            }
        }
    }
}
