using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Checkpoints;

/// <summary>The file with options for CRIU that come after those of the command line. docs/adr/0011-checkpoints.md.</summary>
public static class CriuConfiguration
{
    /// <summary>The annotation that names another file; empty, none.</summary>
    public const string Annotation = "org.criu.config";

    private const string OwnFile = "/etc/criu/tare.conf";
    private const string CommonFile = "/etc/criu/runc.conf";

    /// <summary>Its path; null for none. CRIU passes over one that is not there.</summary>
    public static string? Choose(IReadOnlyDictionary<string, string> annotations) =>
        annotations.TryGetValue(Annotation, out string? file) ? (file.Length == 0 ? null : file)
        : Files.FAccessAt2(null, OwnFile, AccessModes.F_OK).Ok ? OwnFile
        : CommonFile;
}
