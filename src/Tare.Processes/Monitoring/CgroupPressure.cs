using Tare.Linux;

namespace Tare.Processes;

/// <summary>Reads the pressure on a cgroup of version 2.</summary>
internal static class CgroupPressure
{
    /// <summary>That of the group among them that is of version 2; null where there is none that is mounted here.</summary>
    public static ProcessPressure? Of(IReadOnlyList<CgroupMembership> cgroups)
    {
        string? path = cgroups.FirstOrDefault(group => group.IsUnified)?.Path;
        SysResult<CgroupLayout> layout = ControlGroupLayout.Read();
        return path is not null && layout.Ok && layout.Value.Unified?.DirectoryOf(path) is { } directory
            ? In(directory)
            : null;
    }

    /// <summary>That of a directory.</summary>
    public static ProcessPressure In(string directory) =>
        new(Read(directory, "cpu"), Read(directory, "memory"), Read(directory, "io")) { Irq = Read(directory, "irq") };

    private static PressureStall? Read(string directory, string resource) =>
        PressureStall.Read(null, $"{directory}/{resource}.pressure") is { Ok: true } read ? read.Value : null;
}
