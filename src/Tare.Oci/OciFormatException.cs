namespace Tare.Oci;

/// <summary>
/// A document cannot be read: <c>config.json: linux.resources.memory.limit: expected a number, found a string (line 12)</c>.
/// Always one line, whatever the document holds.
/// </summary>
public sealed class OciFormatException : Exception
{
    /// <summary>Keeps the parts and makes the line of them.</summary>
    /// <param name="document">What was read, such as <c>config.json</c>.</param>
    /// <param name="path">The property (<c>mounts[2].type</c>); empty for the document as a whole.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    /// <param name="line">The line, from 1; 0 where there is none.</param>
    public OciFormatException(string document, string path, string problem, int line = 0)
        : base(
            (path.Length == 0 ? $"{document}: {problem}" : $"{document}: {path}: {problem}")
                + (line > 0 ? $" (line {line})" : "")
        )
    {
        Document = document;
        Path = path;
        Problem = problem;
        Line = line;
    }

    /// <summary>What was read.</summary>
    public string Document { get; }

    /// <summary>The property; empty for the document as a whole.</summary>
    public string Path { get; }

    /// <summary>What is wrong and what to do.</summary>
    public string Problem { get; }

    /// <summary>The line, from 1; 0 where there is none.</summary>
    public int Line { get; }
}
