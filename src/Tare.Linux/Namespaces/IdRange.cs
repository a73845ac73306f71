namespace Tare.Linux;

/// <summary>A line of uid_map or gid_map. user_namespaces(7).</summary>
/// <param name="Inside">The first id in the namespace.</param>
/// <param name="Outside">The first id outside of it.</param>
/// <param name="Count">How many.</param>
public readonly record struct IdRange(uint Inside, uint Outside, uint Count);
