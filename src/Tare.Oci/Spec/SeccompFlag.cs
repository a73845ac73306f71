namespace Tare.Oci;

/// <summary>How a filter is loaded. config-linux.md, seccomp(2).</summary>
public enum SeccompFlag
{
    /// <summary>On all threads.</summary>
    ThreadSync,

    /// <summary>What is not allowed is logged.</summary>
    Log,

    /// <summary>Speculation is not restrained.</summary>
    SpeculationAllowed,

    /// <summary>Whoever waits for an answer can be interrupted by fatal signals only.</summary>
    WaitKillable,
}
