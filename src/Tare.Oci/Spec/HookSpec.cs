namespace Tare.Oci;

/// <summary>A program that is run at some point of a container's life.</summary>
public sealed record HookSpec
{
    /// <summary>The program's file, where the hook's kind says that paths count.</summary>
    public required string Path { get; init; }

    /// <summary>All that the program gets as arguments, its own name being the first; empty: its path alone.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>All that the program gets as its environment.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>After how many seconds it has failed; null: never.</summary>
    public long? Timeout { get; init; }
}
