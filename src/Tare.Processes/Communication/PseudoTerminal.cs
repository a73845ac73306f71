using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A terminal's other side: what is written is typed, what is read was shown. Owns it. Disposing it hangs the terminal up:
/// its session's leader gets SIGHUP, and who reads it its end. pty(7).
/// </summary>
public sealed class PseudoTerminal : IDisposable
{
    private readonly PtyFd master;

    internal PseudoTerminal(PtyFd master)
    {
        this.master = master;
        Stream = new DescriptorStream(master, FileAccess.ReadWrite);
    }

    /// <summary>A terminal that is nobody's yet; a child gets one by <see cref="ProcessStartOptions.Terminal"/>.</summary>
    /// <exception cref="KernelException">ENOSPC: /proc/sys/kernel/pty/max are in use. ENOENT: there is no /dev/ptmx.</exception>
    public static PseudoTerminal Open(TerminalSize size)
    {
        PtyFd made = Ptys.OpenMaster().OrThrow("make a terminal");
        try
        {
            PseudoTerminal terminal = new(made);
            terminal.Size = size;
            return terminal;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Both directions. It is at its end when everybody who had the terminal open has closed it; before anybody opens it,
    /// reading waits.
    /// </summary>
    public DescriptorStream Stream { get; }

    /// <summary>The number in the machine's devpts: the terminal is /dev/pts/NUMBER there.</summary>
    public int Number => Ptys.GetNumber(master).OrThrow("ask for a terminal's number");

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

    /// <summary>What the terminal does with what goes through it. termios(3).</summary>
    public TermiosLinux Settings
    {
        get => Terminals.GetSettings(master).OrThrow("ask for the terminal's settings");
        set => Terminals.SetSettings(master, value).OrThrow("set the terminal's settings");
    }

    /// <summary>What is typed is shown. ECHO.</summary>
    public bool Echo
    {
        get => (Settings.Local & TerminalLocalFlags.ECHO) != 0;
        set
        {
            TermiosLinux settings = Settings;
            settings.Local = value
                ? settings.Local | TerminalLocalFlags.ECHO
                : settings.Local & ~TerminalLocalFlags.ECHO;
            Settings = settings;
        }
    }

    /// <summary>The process group in the foreground; null where no session has the terminal. TIOCGPGRP.</summary>
    public int? ForegroundProcessGroup
    {
        get
        {
            SysResult<int> group = Terminals.GetForeground(master);
            return group.Errno == Errno.ENOTTY || group is { Ok: true, Value: 0 }
                ? null
                : group.OrThrow("ask for the foreground process group");
        }
    }

    /// <summary>Lets every byte through as it is, both ways: no echo, no lines, no keys that signal. cfmakeraw(3).</summary>
    public void MakeRaw() => Settings = Terminals.MakeRaw(Settings);

    /// <summary>
    /// The terminal's own side, for <see cref="ChildStream.From"/>; the caller's to dispose. It does not become anybody's
    /// controlling terminal by that. TIOCGPTPEER.
    /// </summary>
    public PtyFd OpenTerminal() => Ptys.OpenSlave(master).OrThrow("open the terminal");

    /// <summary>Signals the foreground process group as a key does, whatever the settings. TIOCSIG.</summary>
    /// <param name="signal">SIGINT, SIGQUIT or SIGTSTP.</param>
    public void SignalForeground(Signal signal)
    {
        if (signal is not (Signal.SIGINT or Signal.SIGQUIT or Signal.SIGTSTP))
        {
            throw new ArgumentOutOfRangeException(
                nameof(signal),
                signal,
                "a terminal sends SIGINT, SIGQUIT and SIGTSTP"
            );
        }

        Terminals.Signal(master, signal).OrThrow("signal the foreground process group");
    }

    /// <summary>
    /// Types the end of input behind what was typed, as Ctrl+D: within a line it only hands that over, so it is typed twice
    /// there. A terminal that lets every byte through has none.
    /// </summary>
    internal async Task EndInputAsync(ReadOnlyMemory<byte> typed, CancellationToken cancellation)
    {
        const int EndOfFile = 4; // VEOF in c_cc
        TermiosLinux settings = Settings;
        byte key = settings.Characters[EndOfFile];
        if ((settings.Local & TerminalLocalFlags.ICANON) == 0 || key == 0)
        {
            return;
        }

        bool inLine = !typed.IsEmpty && typed.Span[^1] != (byte)'\n';
        await Stream.WriteAsync(inLine ? new[] { key, key } : [key], cancellation).ConfigureAwait(false);
    }

    /// <summary>Hangs the terminal up.</summary>
    public void Dispose() => Stream.Dispose();
}
