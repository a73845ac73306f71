namespace Tare.Fixtures;

/// <summary>The native programs under test, built first where a source is newer (as ./tare does).</summary>
public static class Programs
{
    private static readonly Lazy<string> Folder = new(Build);
    private static readonly Lazy<string> Probed = new(() => Built("build-probe"));
    private static readonly Lazy<string> Crossed = new(() => Built("build-arm64"));

    /// <summary>The path of the native tare.</summary>
    public static string Tare => Path.Combine(Folder.Value, "tare");

    /// <summary>The path of the native tare-oci.</summary>
    public static string TareOci => Path.Combine(Folder.Value, "tare-oci");

    /// <summary>The path of a native program that has Tare.Processes, for machines without .NET.</summary>
    public static string Probe => Probed.Value;

    /// <summary>The path of a native program for arm64: tare, tare-oci or Tare.Vm.Probe. Skips the test where none can be built.</summary>
    public static string Arm64(string program)
    {
        Require.Program("aarch64-linux-gnu-gcc");
        return Path.Combine(Crossed.Value, program);
    }

    private static string Build()
    {
        Tool.Run(Repository.At("eng", "build-apps"), [], new ToolOptions { Deadline = TimeSpan.FromMinutes(15) })
            .ShouldSucceed();
        return Repository.At("artifacts", "bin");
    }

    private static string Built(string script) =>
        Tool.Run(Repository.At("eng", script), [], new ToolOptions { Deadline = TimeSpan.FromMinutes(15) })
            .ShouldSucceed()
            .Lines[^1];
}
