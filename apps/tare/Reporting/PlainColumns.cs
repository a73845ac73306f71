using System.Text;

namespace Tare.Cli.Reporting;

/// <summary>Rows of text in columns, two blanks between them; the same on every machine, and without end behind the last.</summary>
/// <param name="isRight">Which columns are set to the right.</param>
internal sealed class PlainColumns(IEnumerable<bool> isRight)
{
    private const string Gap = "  ";
    private readonly bool[] isRight = [.. isRight];
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row of as many cells as there are columns.</summary>
    public void Add(string[] cells) => rows.Add(cells);

    /// <summary>The lines, each ended by a line feed.</summary>
    /// <param name="width">Where lines are cut, in characters; null: nowhere.</param>
    public string Format(int? width)
    {
        int[] widths = new int[isRight.Length];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        StringBuilder text = new();
        StringBuilder line = new();
        foreach (string[] row in rows)
        {
            line.Clear();
            for (int i = 0; i < widths.Length; i++)
            {
                _ = i > 0 ? line.Append(Gap) : line;
                line.Append(isRight[i] ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i]));
            }

            string whole = line.ToString().TrimEnd(' ');
            text.Append(width < whole.Length ? string.Concat(whole.AsSpan(0, width.Value - 1), "…") : whole)
                .Append('\n');
        }

        return text.ToString();
    }
}
