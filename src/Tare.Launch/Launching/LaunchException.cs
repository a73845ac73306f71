namespace Tare.Launch;

/// <summary>A launch came to nothing. Its processes have ended and were reaped; nothing of it is left.</summary>
/// <param name="failure">Why.</param>
/// <param name="hint">What to do about it, where that is known.</param>
public sealed class LaunchException(LaunchFailure failure, string? hint = null)
    : Exception(hint is null ? failure.ToString() : $"{failure} ({hint})")
{
    /// <summary>Why.</summary>
    public LaunchFailure Failure { get; } = failure;

    /// <summary>What to do about it, where that is known.</summary>
    public string? Hint { get; } = hint;
}
