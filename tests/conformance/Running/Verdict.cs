namespace Tare.Conformance.Running;

/// <summary>How a check ended.</summary>
public enum Verdict
{
    /// <summary>The runtime does what is asked for.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>This machine cannot tell.</summary>
    Skipped,
}
