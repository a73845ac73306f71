using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>The programs that are run at points of a container's life; <see cref="HookRules"/> makes it.</summary>
public sealed class ValidatedHooks
{
    private readonly ImmutableArray<ValidatedHook> all;

    internal ValidatedHooks(ImmutableArray<ValidatedHook> all) => this.all = all;

    /// <summary>No hooks at all.</summary>
    public static ValidatedHooks None { get; } = new([]);

    /// <summary>There are none of any kind.</summary>
    public bool IsEmpty => all.IsEmpty;

    /// <summary>Some are run while the container is made and has not got its root yet.</summary>
    public bool ComeBeforeRoot =>
        Has(HookKind.Prestart) || Has(HookKind.CreateRuntime) || Has(HookKind.CreateContainer);

    /// <summary>There are some of a kind.</summary>
    public bool Has(HookKind kind) => all.Any(hook => hook.Kind == kind);

    /// <summary>Those of a kind, in order.</summary>
    public IEnumerable<ValidatedHook> Of(HookKind kind) => all.Where(hook => hook.Kind == kind);
}
