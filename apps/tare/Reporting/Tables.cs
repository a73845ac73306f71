using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Reporting;

/// <summary>Tables for people, as wide as their terminal, or as they come where there is none.</summary>
internal static class Tables
{
    /// <summary>Where a text is no line of a terminal nothing is wrapped.</summary>
    private const int Unlimited = 10_000;

    /// <summary>A table without lines.</summary>
    /// <param name="columns">How many columns it has.</param>
    public static Table Plain(int columns)
    {
        Table table = new() { Border = TableBorder.None, ShowHeaders = false };
        for (int i = 0; i < columns; i++)
        {
            table.AddColumn(new TableColumn("") { Padding = new Padding(0, 0, 2, 0), NoWrap = i < columns - 1 });
        }

        return table;
    }

    /// <summary>Writes to standard error.</summary>
    public static void WriteErrors(IRenderable what) => Output.WriteError(Render(what, Output.Errors));

    /// <summary>Writes to standard output.</summary>
    public static void Write(IRenderable what) => Output.Write(Render(what, Output.Standard));

    private static string Render(IRenderable what, FileDescriptor target)
    {
        SysResult<WinSize> size = Terminals.GetSize(target);
        bool colours = size.Ok && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return Render(what, size is { Ok: true, Value.Columns: > 20 } ? size.Value.Columns : Unlimited, colours);
    }

    /// <summary>The text of it, each line ended by a line feed.</summary>
    /// <param name="what">What is drawn.</param>
    /// <param name="width">The longest line, in characters.</param>
    /// <param name="colours">With the codes for colours.</param>
    public static string Render(IRenderable what, int width, bool colours)
    {
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new Paper(writer, width),
            }
        );
        console.Write(what);
        StringBuilder text = new();
        foreach (ReadOnlySpan<char> line in writer.ToString().AsSpan().EnumerateLines())
        {
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    // Asking .NET's console for a size, as Spectre's own would, switches the terminal's keys to another mode for good.
    private sealed class Paper(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => width;

        public int Height => Unlimited;

        public void SetEncoding(Encoding encoding) { }
    }
}
