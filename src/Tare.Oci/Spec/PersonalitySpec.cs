namespace Tare.Oci;

/// <summary>The execution domain of the program. config-linux.md, "Personality"; personality(2).</summary>
/// <param name="Domain"><c>LINUX</c> or <c>LINUX32</c>.</param>
/// <param name="Flags">None is defined.</param>
public sealed record PersonalitySpec(string Domain, IReadOnlyList<string> Flags);
