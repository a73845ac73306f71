using System.Collections.Immutable;

namespace Tare.Processes;

/// <summary>What of a program is recorded.</summary>
public sealed record RecorderOptions
{
    /// <summary>
    /// Calls that are not watched but taken for made, by name: each watched call takes some twenty microseconds longer, which a
    /// program that mostly reads and writes may not bear. Paths and addresses of these are not recorded.
    /// With <c>io_uring_setup</c> among them there is io_uring, and what is submitted through it is not seen.
    /// </summary>
    public ImmutableArray<string> Assumed { get; init; } = [];

    /// <summary>
    /// Waits after the program for all that it started, which is recorded too. What is left running where this is false has
    /// its calls recorded as long as this process lives; after that they fail with ENOSYS.
    /// </summary>
    public bool WaitForDescendants { get; init; } = true;
}
