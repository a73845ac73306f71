namespace Tare.Architecture.Tests.Rules;

/// <summary>A file is one type or one operation: aim for 200 lines, ask at 400, never 800.</summary>
public sealed class FileLength : ISourceRule
{
    public const int Limit = 800;

    public IEnumerable<string> Complaints(SourceFile file)
    {
        int lines = file.Text.Count(character => character == '\n');
        if (lines > Limit)
        {
            yield return $"{file.Path}: {lines} lines (never more than {Limit})";
        }
    }
}
