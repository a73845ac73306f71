namespace Tare.Linux;

/// <summary>The five sets of capabilities of a thread, a bit each as in capability numbers. capabilities(7).</summary>
/// <param name="Bounding">What an execve can give at most.</param>
/// <param name="Effective">In force.</param>
/// <param name="Permitted">May be put in force.</param>
/// <param name="Inheritable">Kept over execve where the file has them too.</param>
/// <param name="Ambient">Kept over execve of files without capabilities; each must be permitted and inheritable.</param>
public readonly record struct CapabilitySets(
    ulong Bounding,
    ulong Effective,
    ulong Permitted,
    ulong Inheritable,
    ulong Ambient
);
