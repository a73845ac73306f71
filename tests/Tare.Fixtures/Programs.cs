namespace Tare.Fixtures;

/// <summary>The native programs under test, built first where a source is newer (as ./tare does).</summary>
public static class Programs
{
    private static readonly Lazy<string> Folder = new(Build);
    private static readonly Lazy<string> Probed = new(BuildProbe);

    /// <summary>The path of the native tare.</summary>
    public static string Tare => Path.Combine(Folder.Value, "tare");

    /// <summary>The path of the native tare-oci.</summary>
    public static string TareOci => Path.Combine(Folder.Value, "tare-oci");

    /// <summary>The path of a native program that has Tare.Processes, for machines without .NET.</summary>
    public static string Probe => Probed.Value;

    private static string Build()
    {
        Tool.Run(Repository.At("eng", "build-apps"), [], new ToolOptions { Deadline = TimeSpan.FromMinutes(15) })
            .ShouldSucceed();
        return Repository.At("artifacts", "bin");
    }

    private static string BuildProbe() =>
        Tool.Run(Repository.At("eng", "build-probe"), [], new ToolOptions { Deadline = TimeSpan.FromMinutes(15) })
            .ShouldSucceed()
            .Lines[^1];
}
