using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Terminals: size, settings, foreground. ioctl_tty(2). ENOTTY where the file is none.</summary>
public static class Terminals
{
    /// <summary>Whether the file is a terminal.</summary>
    public static bool IsTerminal(FileDescriptor file) => GetSettings(file).Ok;

    /// <summary>The size in characters. TIOCGWINSZ.</summary>
    public static SysResult<WinSize> GetSize(FileDescriptor terminal)
    {
        using Borrowed descriptor = new(terminal);
        WinSize size = default;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.TIOCGWINSZ, ref size);
        return new(size, Interop.ErrnoOf(raw));
    }

    /// <summary>Sets the size; the foreground process group gets SIGWINCH if it is another. TIOCSWINSZ.</summary>
    public static SysResult SetSize(FileDescriptor terminal, WinSize size)
    {
        using Borrowed descriptor = new(terminal);
        return Interop.Result(Interop.ioctl(descriptor.Number, IoctlRequest.TIOCSWINSZ, ref size));
    }

    /// <summary>The settings. TCGETS.</summary>
    public static SysResult<TermiosLinux> GetSettings(FileDescriptor terminal)
    {
        using Borrowed descriptor = new(terminal);
        TermiosLinux settings = default;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.TCGETS, ref settings);
        return new(settings, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Changes the settings at once. TCSETS, not TCSETSW, which would wait until somebody has read what was written, and on a
    /// pty never needs to: its output is processed as it is written. From a background process group SIGTTOU comes first,
    /// unless it is blocked or ignored.
    /// </summary>
    public static SysResult SetSettings(FileDescriptor terminal, TermiosLinux settings)
    {
        using Borrowed descriptor = new(terminal);
        nint raw;
        do
        {
            raw = Interop.ioctl(descriptor.Number, IoctlRequest.TCSETS, ref settings);
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }

    /// <summary>Settings with which every byte goes through as it is, in both directions; as cfmakeraw(3).</summary>
    public static TermiosLinux MakeRaw(TermiosLinux settings)
    {
        settings.Input &= ~(
            TerminalInputFlags.IGNBRK
            | TerminalInputFlags.BRKINT
            | TerminalInputFlags.PARMRK
            | TerminalInputFlags.ISTRIP
            | TerminalInputFlags.INLCR
            | TerminalInputFlags.IGNCR
            | TerminalInputFlags.ICRNL
            | TerminalInputFlags.IXON
        );
        settings.Output &= ~TerminalOutputFlags.OPOST;
        settings.Local &= ~(
            TerminalLocalFlags.ECHO
            | TerminalLocalFlags.ECHONL
            | TerminalLocalFlags.ICANON
            | TerminalLocalFlags.ISIG
            | TerminalLocalFlags.IEXTEN
        );
        settings.Control &= ~(TerminalControlFlags.CSIZE | TerminalControlFlags.PARENB);
        settings.Control |= TerminalControlFlags.CS8;
        settings.Characters[MinimumIndex] = 1;
        settings.Characters[TimeIndex] = 0;
        return settings;
    }

    /// <summary>The process group in the foreground. TIOCGPGRP.</summary>
    public static SysResult<int> GetForeground(FileDescriptor terminal)
    {
        using Borrowed descriptor = new(terminal);
        int group = 0;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.TIOCGPGRP, ref group);
        return new(group, Interop.ErrnoOf(raw));
    }

    /// <summary>Puts a process group into the foreground. TIOCSPGRP.</summary>
    public static SysResult SetForeground(FileDescriptor terminal, int group)
    {
        using Borrowed descriptor = new(terminal);
        return Interop.Result(Interop.ioctl(descriptor.Number, IoctlRequest.TIOCSPGRP, ref group));
    }

    /// <summary>
    /// Signals the foreground process group of a pseudo-terminal, given as its master, as a key would. EINVAL: another signal
    /// than SIGINT, SIGQUIT, SIGTSTP. TIOCSIG.
    /// </summary>
    public static SysResult Signal(FileDescriptor master, Signal signal)
    {
        using Borrowed descriptor = new(master);
        return Interop.Result(Interop.ioctl(descriptor.Number, IoctlRequest.TIOCSIG, (nint)(int)signal));
    }

    /// <summary>VTIME in c_cc.</summary>
    private const int TimeIndex = 5;

    /// <summary>VMIN in c_cc.</summary>
    private const int MinimumIndex = 6;
}
