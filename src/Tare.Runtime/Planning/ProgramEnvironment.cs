using System.Collections.Immutable;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>The environment that a program gets: the specification's, and defaults for names that it does not have.</summary>
internal static class ProgramEnvironment
{
    /// <summary>The variables, <c>NAME=value</c> each.</summary>
    public static ImmutableArray<string> Of(ValidatedProcess process, ImmutableArray<string> defaults)
    {
        ImmutableArray<string> env = LastOfEach(process.Env);
        foreach (string variable in defaults)
        {
            int length = variable.IndexOf('=', StringComparison.Ordinal);
            if (length > 0 && Find(env, variable.AsSpan(0, length)) is null)
            {
                env = env.Add(variable);
            }
        }

        return env;
    }

    // Of two variables of one name getenv(3) takes the first, and who gives another value puts it behind (exec --env): the last
    // one holds, as runc and crun have it.
    private static ImmutableArray<string> LastOfEach(ImmutableArray<string> env)
    {
        HashSet<string> names = new(env.Length, StringComparer.Ordinal);
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> seen = names.GetAlternateLookup<ReadOnlySpan<char>>();
        ImmutableArray<string>.Builder last = ImmutableArray.CreateBuilder<string>(env.Length);
        for (int i = env.Length - 1; i >= 0; i--)
        {
            int end = env[i].IndexOf('=', StringComparison.Ordinal);
            if (seen.Add(end < 0 ? env[i] : env[i].AsSpan(0, end)))
            {
                last.Add(env[i]);
            }
        }

        last.Reverse();
        return last.Count == env.Length ? env : last.DrainToImmutable();
    }

    /// <summary>The value of a variable; of several the last, as runc has it. Null where there is none.</summary>
    public static string? Find(ImmutableArray<string> env, ReadOnlySpan<char> name)
    {
        for (int i = env.Length - 1; i >= 0; i--)
        {
            ReadOnlySpan<char> variable = env[i];
            if (variable.Length > name.Length && variable[name.Length] == '=' && variable.StartsWith(name))
            {
                return env[i][(name.Length + 1)..];
            }
        }

        return null;
    }
}
