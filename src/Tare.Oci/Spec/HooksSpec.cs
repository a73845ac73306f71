namespace Tare.Oci;

/// <summary>The programs that are run at points of a container's life, each kind in its order.</summary>
public sealed record HooksSpec
{
    /// <summary>See <see cref="HookKind.Prestart"/>.</summary>
    public IReadOnlyList<HookSpec> Prestart { get; init; } = [];

    /// <summary>See <see cref="HookKind.CreateRuntime"/>.</summary>
    public IReadOnlyList<HookSpec> CreateRuntime { get; init; } = [];

    /// <summary>See <see cref="HookKind.CreateContainer"/>.</summary>
    public IReadOnlyList<HookSpec> CreateContainer { get; init; } = [];

    /// <summary>See <see cref="HookKind.StartContainer"/>.</summary>
    public IReadOnlyList<HookSpec> StartContainer { get; init; } = [];

    /// <summary>See <see cref="HookKind.Poststart"/>.</summary>
    public IReadOnlyList<HookSpec> Poststart { get; init; } = [];

    /// <summary>See <see cref="HookKind.Poststop"/>.</summary>
    public IReadOnlyList<HookSpec> Poststop { get; init; } = [];

    /// <summary>The hooks of a kind.</summary>
    public IReadOnlyList<HookSpec> Of(HookKind kind) =>
        kind switch
        {
            HookKind.Prestart => Prestart,
            HookKind.CreateRuntime => CreateRuntime,
            HookKind.CreateContainer => CreateContainer,
            HookKind.StartContainer => StartContainer,
            HookKind.Poststart => Poststart,
            HookKind.Poststop => Poststop,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of hook"),
        };
}
