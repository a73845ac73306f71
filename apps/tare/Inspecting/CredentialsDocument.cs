using Tare.Linux;

namespace Tare.Cli.Inspecting;

/// <summary>Users, groups and capabilities of a process, in JSON.</summary>
internal sealed record CredentialsDocument(
    IdsDocument User,
    IdsDocument Group,
    IReadOnlyList<uint> SupplementaryGroups,
    int Umask,
    IReadOnlyList<string> Effective,
    IReadOnlyList<string> Permitted,
    IReadOnlyList<string> Inheritable,
    IReadOnlyList<string> Bounding,
    IReadOnlyList<string> Ambient
)
{
    public static CredentialsDocument Of(ProcStatus status) =>
        new(
            IdsDocument.Of(status.Users),
            IdsDocument.Of(status.Groups),
            status.SupplementaryGroups,
            (int)status.Umask,
            Names(status.Capabilities.Effective),
            Names(status.Capabilities.Permitted),
            Names(status.Capabilities.Inheritable),
            Names(status.BoundingSet),
            Names(status.AmbientSet)
        );

    private static string[] Names(CapabilitySet set) => [.. set.Enumerate().Select(CapabilityNames.NameOf)];
}

/// <summary>The four users, or groups.</summary>
internal sealed record IdsDocument(uint Real, uint Effective, uint Saved, uint FileSystem)
{
    public static IdsDocument Of(ProcessIds ids) => new(ids.Real, ids.Effective, ids.Saved, ids.FileSystem);
}
