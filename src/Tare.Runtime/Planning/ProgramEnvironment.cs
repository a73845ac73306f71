using System.Collections.Immutable;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>The environment that a program gets: the specification's, and defaults for names that it does not have.</summary>
internal static class ProgramEnvironment
{
    /// <summary>The variables, <c>NAME=value</c> each.</summary>
    public static ImmutableArray<string> Of(ValidatedProcess process, ImmutableArray<string> defaults)
    {
        ImmutableArray<string> env = process.Env;
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
