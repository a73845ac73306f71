namespace Tare.OciCli.CommandLine;

/// <summary>What stands behind an option's name.</summary>
internal enum OptionKind
{
    /// <summary>Nothing, or <c>=true</c> and <c>=false</c>.</summary>
    Flag,

    /// <summary>A text; the last one given counts.</summary>
    Text,

    /// <summary>A text; each one given counts.</summary>
    Texts,

    /// <summary>A number that is not negative; the last one given counts.</summary>
    Number,
}

/// <summary>An option that a command understands.</summary>
/// <param name="Name">Its name, without dashes.</param>
/// <param name="Alias">Its name of one letter; <c>'\0'</c> where it has none.</param>
/// <param name="Kind">What stands behind it.</param>
/// <param name="Value">What that is called in the help page; empty for a flag.</param>
/// <param name="Help">What it is for, on one line.</param>
internal sealed record Option(string Name, char Alias, OptionKind Kind, string Value, string Help)
{
    /// <summary>The option is understood and not advertised.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether <paramref name="text"/> is this option's name or its letter.</summary>
    public bool IsCalled(ReadOnlySpan<char> text) =>
        text.SequenceEqual(Name) || (text.Length == 1 && Alias != '\0' && text[0] == Alias);
}
