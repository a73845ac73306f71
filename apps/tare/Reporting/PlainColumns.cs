using System.Text;
using Spectre.Console;

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
    /// <param name="width">Where lines are cut, in columns of a terminal; null: nowhere.</param>
    public string Format(int? width)
    {
        int[] widths = new int[isRight.Length];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], WidthOf(row[i]));
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
                int blanks = widths[i] - WidthOf(row[i]);
                _ = isRight[i] ? line.Append(' ', blanks).Append(row[i]) : line.Append(row[i]).Append(' ', blanks);
            }

            string whole = line.ToString().TrimEnd(' ');
            text.Append(width is { } most ? Cut(whole, most) : whole).Append('\n');
        }

        return text.ToString();
    }

    private static string Cut(string line, int width)
    {
        if (WidthOf(line) <= width)
        {
            return line;
        }

        int used = 0;
        int length = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            used += WidthOf(rune.ToString());
            if (used >= width)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(line.AsSpan(0, length), "…");
    }

    // Characters of East Asia, and pictures, are two columns of a terminal wide.
    private static int WidthOf(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();
}
