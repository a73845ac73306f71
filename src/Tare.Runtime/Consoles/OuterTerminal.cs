using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Consoles;

/// <summary>
/// The terminal that this process was started on. While this process is in its foreground it is raw, so that every key
/// reaches the terminal inside; its settings come back in any case.
/// </summary>
public sealed class OuterTerminal : IDisposable
{
    private readonly TermiosLinux settings;
    private readonly int group;

    private OuterTerminal(TermiosLinux settings, FileFd input, FileFd output)
    {
        this.settings = settings;
        Input = input;
        Output = output;
        group = Processes.GetPgid().Value;

        // Settings are changed only in the foreground, but that can be lost between looking and changing: then nothing
        // must stop this process.
        Signals.SetMask(SignalMaskHow.SIG_BLOCK, SignalSet.Of(Signal.SIGTTOU));
    }

    /// <summary>What is typed.</summary>
    public FileFd Input { get; }

    /// <summary>What is shown.</summary>
    public FileFd Output { get; }

    /// <summary>The settings that it had.</summary>
    public TermiosLinux Settings => settings;

    /// <summary>It is raw now.</summary>
    public bool IsRaw { get; private set; }

    /// <summary>Keys are meant for this process, and it may read them.</summary>
    public bool IsForeground =>
        Terminals.GetForeground(Input) is { Ok: true, Value: int foreground } && foreground == group;

    /// <summary>The size in characters.</summary>
    public SysResult<WinSize> Size => Terminals.GetSize(Input);

    /// <summary>Takes the terminal that two descriptors are; null where one of them is none.</summary>
    /// <param name="input">What is typed. Not owned.</param>
    /// <param name="output">What is shown. Not owned.</param>
    public static OuterTerminal? TryOpen(FileFd input, FileFd output)
    {
        SysResult<TermiosLinux> present = Terminals.GetSettings(input);
        return present.Ok && Terminals.IsTerminal(output)
            ? new OuterTerminal(present.Value, Reopen(input, OpenFlags.O_RDONLY), Reopen(output, OpenFlags.O_WRONLY))
            : null;
    }

    /// <summary>Makes it raw, or gives it up, as this process is in the foreground or not.</summary>
    public void Follow()
    {
        bool foreground = IsForeground;
        if (foreground && !IsRaw)
        {
            Terminals.SetSettings(Input, Terminals.MakeRaw(settings));
        }

        // In the background the settings are somebody else's by now.
        IsRaw = foreground;
    }

    /// <summary>Gives it its settings back.</summary>
    public void Restore()
    {
        if (IsRaw && IsForeground)
        {
            Terminals.SetSettings(Input, settings);
        }

        IsRaw = false;
    }

    /// <inheritdoc />
    public void Dispose() => Restore();

    // A file of its own, so that not to block is not what all others with this terminal get. Where the terminal is
    // another user's it cannot be had; then a slow terminal holds this process up.
    private static FileFd Reopen(FileFd terminal, OpenFlags access)
    {
        SysResult<FileFd> own = Files.OpenAt(
            null,
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{terminal.Number}"),
            access | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY
        );
        return own.Ok ? own.Value : terminal;
    }
}
