namespace Tare.Runtime.Validation;

/// <summary>Rules of texts that a program is given: the kernel ends each at its first zero byte.</summary>
internal static class TextRules
{
    public static void Check(string property, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, "contains a zero byte (leave it out)");
        }
    }

    public static void Check(string property, IReadOnlyList<string> texts)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i].Contains('\0', StringComparison.Ordinal))
            {
                Check($"{property}[{i}]", texts[i]);
            }
        }
    }
}
