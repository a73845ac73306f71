using Tare.Processes;

namespace Tare.Cli.Observation;

/// <summary>A process as tables show it: what the kernel says of it, and what is made of that.</summary>
/// <param name="Sample">The process, and its rates where it was seen before.</param>
/// <param name="User">The effective user's name, or its number.</param>
/// <param name="Container">The container; null for none.</param>
/// <param name="Branch">What stands before its command in a tree.</param>
internal sealed record ProcessRow(ProcessSample Sample, string User, string? Container, string Branch = "")
{
    /// <summary>The process.</summary>
    public ProcessSnapshot Process => Sample.Snapshot;

    /// <summary>The command line, or in brackets the name of what has none: a kernel's thread, what has ended.</summary>
    public string Command =>
        Visible.Of(
            Process.CommandLine is { Count: > 0 } words && words.Any(word => word.Length > 0)
                ? string.Join(' ', words).TrimEnd(' ')
                : $"[{Process.Name}]"
        );

    /// <summary>A thread of the kernel's; of what has ended nothing tells.</summary>
    public bool IsKernelThread =>
        Process.Status.IsKernelThread
        || (Process is { Memory.Virtual: 0, HasEnded: false } && Process.ParentId is 0 or 2 && Process.ProcessId != 1);
}
