using Tare.Oci;

namespace Tare.Runtime.State;

/// <summary>A container's name, parsed once: it is a file name, has no slash and leads nowhere else.</summary>
public readonly record struct ContainerId
{
    private const int Longest = 255;

    private ContainerId(string text) => Text = text;

    /// <summary>The name itself.</summary>
    public string Text { get; }

    /// <summary>Parses an id: 1 to 255 letters, digits, <c>_</c>, <c>+</c>, <c>-</c> and <c>.</c>, but not <c>.</c> or <c>..</c>.</summary>
    /// <exception cref="ContainerException">The text is no id; the message says why.</exception>
    public static ContainerId Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new ContainerException("container id cannot be empty");
        }

        if (text.Length > Longest)
        {
            throw new ContainerException($"container id is longer than {Longest} characters");
        }

        return TryParse(text)
            ?? throw new ContainerException(
                $"invalid container id '{OneLine.Of(text, Longest)}' (use letters, digits, '_', '+', '-' and '.')"
            );
    }

    /// <summary>An id; null where the text is none.</summary>
    public static ContainerId? TryParse(string text) =>
        text.Length is > 0 and <= Longest && text is not ("." or "..") && IsWellFormed(text)
            ? new ContainerId(text)
            : null;

    /// <inheritdoc />
    public override string ToString() => Text;

    private static bool IsWellFormed(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '+' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
