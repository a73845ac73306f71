using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// What of files and network the program may reach besides. The launcher hands over a ruleset without paths
/// (<see cref="PlannedInputs.Landlock"/>); the paths are looked up in the container. landlock(7).
/// </summary>
/// <param name="Paths">The paths, as the program sees them.</param>
/// <param name="Flags">What is logged.</param>
public sealed record LandlockEntry(ImmutableArray<LandlockPathEntry> Paths, LandlockRestrictFlags Flags);

/// <summary>A path with all that lies below it.</summary>
/// <param name="Path">As the program sees it.</param>
/// <param name="Access">What is allowed, all of it handled by the ruleset.</param>
/// <param name="Optional">It need not be there.</param>
public sealed record LandlockPathEntry(string Path, LandlockAccessFs Access, bool Optional);
