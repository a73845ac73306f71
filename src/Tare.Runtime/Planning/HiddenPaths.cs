using System.Collections.Immutable;
using Tare.Launch;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>Where a path to be masked or made read-only is opened from, and what the kernel is known to have there.</summary>
internal static class HiddenPaths
{
    /// <summary>Where the container's procfs is.</summary>
    public static readonly ContainerPath Proc = ContainerPath.Root.Child("proc");

    // What the kernel itself puts there; nothing else can be at these places of a procfs or sysfs.
    private static readonly ImmutableArray<string> Files =
    [
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/timer_list",
        "/proc/timer_stats",
    ];

    private static readonly ImmutableArray<string> Directories =
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/scsi",
        "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ];

    /// <summary>The directory to open a path from, the path from there, and how.</summary>
    public static (Slot Directory, string Path, Argument How) Find(PlanState state, ContainerPath path)
    {
        if (state.Proc is { } proc && path.IsAtOrBelow(Proc))
        {
            return (proc, path.RelativeTo(Proc), How.PlainAny);
        }

        return (state.Root, path.Relative, How.Any);
    }

    /// <summary>True for a directory, false for a file, null if that has to be looked at.</summary>
    public static bool? IsDirectory(PlanState state, ContainerPath path)
    {
        if (state.MountOf(path) is not { Contents: MountContents.Kernel })
        {
            return null;
        }

        string text = path.ToString();
        return Files.Contains(text) ? false
            : Directories.Contains(text) ? true
            : null;
    }
}
