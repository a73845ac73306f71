namespace Tare.Oci;

/// <summary>
/// The five capability sets of a program, by the names of capabilities(7) such as <c>CAP_NET_ADMIN</c>. Names are as the
/// document has them: whether this kernel knows them is not asked here.
/// </summary>
public sealed record CapabilitiesSpec
{
    /// <summary>What the program and its descendants can ever have.</summary>
    public IReadOnlyList<string> Bounding { get; init; } = [];

    /// <summary>What is in force at the program's start.</summary>
    public IReadOnlyList<string> Effective { get; init; } = [];

    /// <summary>What the program may put into force.</summary>
    public IReadOnlyList<string> Permitted { get; init; } = [];

    /// <summary>What may survive execve(2) of a file that asks for it.</summary>
    public IReadOnlyList<string> Inheritable { get; init; } = [];

    /// <summary>What survives execve(2) of any file.</summary>
    public IReadOnlyList<string> Ambient { get; init; } = [];
}
