using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Watching;

/// <summary>
/// A terminal that shows pictures and gives keys as they are pressed. As long as it is held it has a screen of its own;
/// disposing gives back what was there before, settings and cursor included.
/// </summary>
internal sealed class LiveTerminal : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[2J";
    private const string Leave = "\e[?2026l\e[0m\e[?25h\e[?1049l";

    // A picture appears at once where the terminal knows what these mean, and elsewhere they mean nothing.
    private const string Begin = "\e[?2026h";
    private const string Finish = "\e[?2026l";

    // VMIN and VTIME in c_cc.
    private const int MinimumIndex = 6;
    private const int TimeIndex = 5;
    private readonly TermiosLinux before;
    private string[] shown = [];
    private bool isHeld;

    private LiveTerminal(TermiosLinux before) => this.before = before;

    /// <summary>The terminal of standard input and output; null where they are none, or one that can only print.</summary>
    public static LiveTerminal? Open()
    {
        SysResult<TermiosLinux> settings = Terminals.GetSettings(Output.Input);
        bool canDraw =
            settings.Ok
            && Terminals.IsTerminal(Output.Standard)
            && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return canDraw ? new(settings.Value) : null;
    }

    /// <summary>The size in characters; at least one of each.</summary>
    public static (int Width, int Height) Size =>
        Terminals.GetSize(Output.Standard) is { Ok: true, Value: { Columns: > 0, Rows: > 0 } size }
            ? (size.Columns, size.Rows)
            : (80, 24);

    /// <summary>Takes it: a screen of its own, keys as they come. Those that send signals still do.</summary>
    public void Hold()
    {
        TermiosLinux settings = before;
        settings.Local &= ~(TerminalLocalFlags.ECHO | TerminalLocalFlags.ECHONL | TerminalLocalFlags.ICANON);
        settings.Input &= ~(TerminalInputFlags.IXON | TerminalInputFlags.ICRNL);
        settings.Characters[MinimumIndex] = 1;
        settings.Characters[TimeIndex] = 0;
        Terminals.SetSettings(Output.Input, settings).OrThrow("set the terminal");
        isHeld = true;
        shown = [];
        Output.Write(Enter);
    }

    /// <summary>Gives back what was there before. Nobody can be told if that fails: the terminal is gone then.</summary>
    public void Release()
    {
        if (isHeld)
        {
            isHeld = false;
            Files.WriteAll(Output.Standard, Encoding.UTF8.GetBytes(Leave));
            Terminals.SetSettings(Output.Input, before);
        }
    }

    /// <summary>All is drawn anew at the next picture: the size has changed.</summary>
    public void Forget()
    {
        shown = [];
        Output.Write("\e[2J");
    }

    /// <summary>Shows a picture, of which only lines that are new are written, and all of them at once.</summary>
    /// <param name="lines">From the top; none as wide as the terminal.</param>
    public void Show(string[] lines)
    {
        StringBuilder text = new(Begin);
        for (int i = 0; i < Math.Max(lines.Length, shown.Length); i++)
        {
            string line = i < lines.Length ? lines[i] : "";
            if (i >= shown.Length || shown[i] != line)
            {
                text.Append(CultureInfo.InvariantCulture, $"\e[{i + 1};1H{line}\e[0m\e[K");
            }
        }

        shown = lines;
        if (text.Length > Begin.Length)
        {
            Output.Write(text.Append(Finish).ToString());
        }
    }

    /// <inheritdoc />
    public void Dispose() => Release();
}
