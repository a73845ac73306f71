using Tare.Linux;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// A directory of the machine in whose place the program made a new one: whatever the machine had in it is deleted.
/// </summary>
/// <param name="Part">The part that it lies in: an index into <see cref="ChangeSet.Parts"/>.</param>
/// <param name="Path">The path in the part.</param>
public readonly record struct ReplacedDirectory(int Part, BytePath Path);
