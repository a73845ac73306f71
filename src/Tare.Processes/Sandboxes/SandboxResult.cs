using System.Collections.Immutable;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Why a sandboxed program ended.</summary>
public enum SandboxEnd
{
    /// <summary>By itself, or by a signal of its own making.</summary>
    Exited,

    /// <summary><see cref="SandboxOptions.Time"/> was up.</summary>
    TimeExceeded,

    /// <summary><see cref="SandboxOptions.CpuTime"/> was used up.</summary>
    CpuTimeExceeded,

    /// <summary>The kernel killed it, or a process of it, at <see cref="SandboxOptions.Memory"/>.</summary>
    MemoryExceeded,

    /// <summary>It wrote more than <see cref="SandboxOptions.Output"/>.</summary>
    OutputExceeded,

    /// <summary>It made a system call that the filter kills for.</summary>
    ForbiddenCall,
}

/// <summary>What became of a sandboxed program.</summary>
public sealed record SandboxResult
{
    /// <summary>How the program ended, and what it used itself.</summary>
    public required ProcessExit ExitStatus { get; init; }

    /// <summary>Why.</summary>
    public required SandboxEnd End { get; init; }

    /// <summary>How long it took, on the clock, from the start of its program.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it wrote to standard output, up to the limit.</summary>
    public required ReadOnlyMemory<byte> StandardOutputBytes { get; init; }

    /// <summary>What it wrote to standard error, up to the limit.</summary>
    public required ReadOnlyMemory<byte> StandardErrorBytes { get; init; }

    /// <summary>Bytes written to both that were not kept.</summary>
    public required long DroppedBytes { get; init; }

    /// <summary>What all its processes used; null where there was no cgroup to count it.</summary>
    public required ControlGroupUsage? Usage { get; init; }

    /// <summary>Which walls there were.</summary>
    public required SandboxLevel Level { get; init; }

    /// <summary>What the kernel says held, read back after the start.</summary>
    public required SandboxHeld Held { get; init; }

    /// <summary>What was asked for and could not be had, a line each; empty unless <see cref="SandboxOptions.AllowWeaker"/>.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Standard output as text; what is no UTF-8 is replaced.</summary>
    public string StandardOutput => Encoding.UTF8.GetString(StandardOutputBytes.Span);

    /// <summary>Standard error as text; what is no UTF-8 is replaced.</summary>
    public string StandardError => Encoding.UTF8.GetString(StandardErrorBytes.Span);

    /// <summary>It ended by itself with code 0.</summary>
    public bool Success => End == SandboxEnd.Exited && ExitStatus.Success;
}

/// <summary>What the kernel says of a sandboxed program's first process, after its start. proc_pid_status(5).</summary>
public sealed record SandboxHeld
{
    /// <summary>No execve gives more rights.</summary>
    public required bool NoNewPrivileges { get; init; }

    /// <summary>0 none, 1 strict, 2 filter.</summary>
    public required int SeccompMode { get; init; }

    /// <summary>How many filters.</summary>
    public required int SeccompFilters { get; init; }

    /// <summary>All capabilities that it has or could get: permitted, inheritable, bounding and ambient.</summary>
    public required CapabilitySet Capabilities { get; init; }

    /// <summary>The user that it is, outside of it.</summary>
    public required uint UserId { get; init; }

    /// <summary>
    /// The namespaces that are not this process's; null where the program had ended before they could be looked at.
    /// </summary>
    public required CloneFlags? Namespaces { get; init; }

    /// <summary>The Landlock ABI that was asked; the kernel gives no way to read a process's rules. 0: none.</summary>
    public required int LandlockAbi { get; init; }

    /// <summary>The cgroup's directories, and what the kernel has as its limits, by file.</summary>
    public required ImmutableDictionary<string, string> CgroupLimits { get; init; }
}
