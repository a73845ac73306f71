using Tare.Linux;

namespace Tare.Processes;

/// <summary>How a process ended and what it used. waitid(2), wait4(2).</summary>
/// <param name="Status">The code that it ended with, or the signal that ended it.</param>
/// <param name="Usage">What it and the children that it waited for used.</param>
public sealed record ProcessExit(ExitStatus Status, ResourceUsage Usage)
{
    /// <summary>The code, or null where a signal ended it.</summary>
    public int? ExitCode => Status.ExitCode;

    /// <summary>It ended by itself with code 0.</summary>
    public bool Success => Status.Success;

    /// <inheritdoc />
    public override string ToString() => Status.ToString();
}
