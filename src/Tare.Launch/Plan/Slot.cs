namespace Tare.Launch;

/// <summary>
/// A place for one 64-bit value during a launch: the result of a step, or something the launcher is handed just before
/// (a descriptor of the parent's). Slots live in memory that parent and child share, so the parent can read them.
/// </summary>
/// <param name="Index">The position in the plan's table of slots.</param>
/// <param name="Name">What it holds, for people (<c>the root file system</c>).</param>
/// <param name="IsInput">The launcher must be given its value; see <see cref="LaunchInputs"/>.</param>
public sealed record Slot(int Index, string Name, bool IsInput)
{
    /// <inheritdoc />
    public override string ToString() => $"‹{Name}›";
}
