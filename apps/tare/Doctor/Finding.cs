namespace Tare.Cli.Doctor;

/// <summary>How it stands with something that <c>tare doctor</c> looked at.</summary>
internal enum FindingState
{
    /// <summary>It can be had.</summary>
    Good,

    /// <summary>It cannot be had, and something that can be asked for needs it.</summary>
    Limited,

    /// <summary>It cannot be had, and nothing works without it.</summary>
    Missing,
}

/// <summary>One thing that <c>tare doctor</c> looked at.</summary>
/// <param name="Group">What it belongs to.</param>
/// <param name="Name">What it is.</param>
/// <param name="State">How it stands.</param>
/// <param name="Detail">What was found, or why it cannot be had.</param>
/// <param name="Remedy">What helps; null where nothing is wrong.</param>
internal sealed record Finding(string Group, string Name, FindingState State, string? Detail, string? Remedy);

/// <summary>All that <c>tare doctor</c> found.</summary>
/// <param name="Kernel">The kernel's release.</param>
/// <param name="Architecture">The processor's.</param>
/// <param name="Uid">The user.</param>
/// <param name="IsPrivileged">The user may do to the machine what sandboxes need, and needs no user namespace.</param>
/// <param name="Findings">In order.</param>
internal sealed record Diagnosis(
    string Kernel,
    string Architecture,
    uint Uid,
    bool IsPrivileged,
    IReadOnlyList<Finding> Findings
)
{
    /// <summary>Sandboxes can be had, if not everything in them.</summary>
    public bool Works => Findings.All(finding => finding.State != FindingState.Missing);
}
