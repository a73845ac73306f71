using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>hooks</c>: absolute paths, texts that a program can be given, time-outs that can pass.</summary>
public static class HookRules
{
    /// <summary>The longest time-out that is kept; a hook with a longer one has none.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(20);

    /// <summary>Checks every hook; the first that is wrong ends it.</summary>
    /// <exception cref="SpecException">A property is wrong.</exception>
    public static ValidatedHooks Check(HooksSpec? hooks)
    {
        if (hooks is null)
        {
            return ValidatedHooks.None;
        }

        ImmutableArray<ValidatedHook>.Builder all = ImmutableArray.CreateBuilder<ValidatedHook>();
        foreach (HookKind kind in Enum.GetValues<HookKind>())
        {
            IReadOnlyList<HookSpec> given = hooks.Of(kind);
            for (int i = 0; i < given.Count; i++)
            {
                all.Add(Check(kind, i, given[i]));
            }
        }

        return all.Count == 0 ? ValidatedHooks.None : new ValidatedHooks(all.ToImmutable());
    }

    private static ValidatedHook Check(HookKind kind, int index, HookSpec hook)
    {
        string property = $"hooks.{SpecNames.Of(kind)}[{index}]";
        if (!hook.Path.StartsWith('/'))
        {
            throw new SpecException($"{property}.path", $"'{hook.Path}' is not absolute (begin it with '/')");
        }

        TextRules.Check($"{property}.path", hook.Path);
        TextRules.Check($"{property}.args", hook.Args);
        TextRules.Check($"{property}.env", hook.Env);
        if (hook.Timeout is <= 0)
        {
            throw new SpecException(
                $"{property}.timeout",
                $"{hook.Timeout} is not above 0 (give seconds, or leave it out)"
            );
        }

        return new ValidatedHook(
            kind,
            index,
            hook.Path,
            hook.Args.Count == 0 ? [hook.Path] : [.. hook.Args],
            [.. hook.Env],
            hook.Timeout <= Longest.TotalSeconds ? TimeSpan.FromSeconds((double)hook.Timeout) : null
        );
    }
}
