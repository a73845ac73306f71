using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>A program that is run at some point of a container's life, checked.</summary>
/// <param name="Kind">When it is run.</param>
/// <param name="Index">Its place among those of its kind, from 0.</param>
/// <param name="Path">Its file's absolute path.</param>
/// <param name="Args">All of its arguments, its own name being the first.</param>
/// <param name="Env">All of its environment.</param>
/// <param name="Timeout">After which time it has failed; null: never.</param>
public sealed record ValidatedHook(
    HookKind Kind,
    int Index,
    string Path,
    ImmutableArray<string> Args,
    ImmutableArray<string> Env,
    TimeSpan? Timeout
);
