using System.Collections;
using System.Collections.Immutable;

namespace Tare.Processes;

/// <summary>
/// An environment, made once and used for any number of launches without further memory: texts of the form NAME=value in the
/// order given. environ(7).
/// </summary>
public sealed class ProcessEnvironment
{
    private ProcessEnvironment(ImmutableArray<string> texts) => Texts = texts;

    /// <summary>No variable at all.</summary>
    public static ProcessEnvironment Empty { get; } = new([]);

    internal ImmutableArray<string> Texts { get; }

    /// <summary>These variables and no other.</summary>
    /// <exception cref="ArgumentException">A name is empty or holds '=', or a text holds a zero character.</exception>
    public static ProcessEnvironment Of(IEnumerable<KeyValuePair<string, string>> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>();
        foreach ((string name, string value) in variables)
        {
            texts.Add(Text(name, value));
        }

        return new(texts.ToImmutable());
    }

    /// <summary>A copy of this process's environment now, as .NET knows it: what is no UTF-8 has been replaced in it.</summary>
    public static ProcessEnvironment Current()
    {
        IDictionary variables = Environment.GetEnvironmentVariables();
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>(variables.Count);
        foreach (DictionaryEntry variable in variables)
        {
            texts.Add($"{variable.Key}={variable.Value}");
        }

        return new(texts.ToImmutable());
    }

    /// <summary>The same, with one variable added or replaced.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds '=', or a text holds a zero character.</exception>
    public ProcessEnvironment With(string name, string value) => new(Others(name).Add(Text(name, value)));

    /// <summary>The same, with one variable less.</summary>
    public ProcessEnvironment Without(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(Others(name));
    }

    /// <summary>The value of a variable, or null.</summary>
    public string? this[string name]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            foreach (string text in Texts)
            {
                if (IsOf(text, name))
                {
                    return text[(name.Length + 1)..];
                }
            }

            return null;
        }
    }

    private static bool IsOf(string text, string name) =>
        text.Length > name.Length && text[name.Length] == '=' && text.StartsWith(name, StringComparison.Ordinal);

    private static string Text(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.AsSpan().ContainsAny('=', '\0') || value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a variable, or its value holds a zero character",
                nameof(name)
            );
        }

        return $"{name}={value}";
    }

    private ImmutableArray<string> Others(string name) => Texts.RemoveAll(text => IsOf(text, name));
}
