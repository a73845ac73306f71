using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>This process's side of a child's terminal: what is written is typed, what is read was shown. Owns it. pty(7).</summary>
public sealed class PseudoTerminal : IDisposable
{
    private readonly PtyFd master;

    internal PseudoTerminal(PtyFd master)
    {
        this.master = master;
        Stream = new DescriptorStream(master, FileAccess.ReadWrite);
    }

    /// <summary>Both directions. It is at its end when nobody has the terminal open any more.</summary>
    public DescriptorStream Stream { get; }

    /// <summary>The size; setting it sends SIGWINCH to the foreground process group. TIOCSWINSZ.</summary>
    public TerminalSize Size
    {
        get
        {
            WinSize size = Terminals.GetSize(master).OrThrow("ask for the terminal's size");
            return new TerminalSize(size.Rows, size.Columns);
        }
        set =>
            Terminals
                .SetSize(master, new WinSize { Rows = value.Rows, Columns = value.Columns })
                .OrThrow("set the terminal's size");
    }

    /// <inheritdoc />
    public void Dispose() => Stream.Dispose();
}
