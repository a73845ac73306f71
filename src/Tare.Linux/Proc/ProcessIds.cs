namespace Tare.Linux;

/// <summary>The four users, or groups, of a process. credentials(7).</summary>
/// <param name="Real">Who started it.</param>
/// <param name="Effective">Whose rights it has.</param>
/// <param name="Saved">Whose rights it can take back.</param>
/// <param name="FileSystem">Whose rights it has to files.</param>
public readonly record struct ProcessIds(uint Real, uint Effective, uint Saved, uint FileSystem);
