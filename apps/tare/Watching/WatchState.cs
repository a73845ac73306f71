using Tare.Cli.Observation;
using Tare.Linux.Abi;

namespace Tare.Cli.Watching;

/// <summary>What keys do at the moment.</summary>
internal enum WatchMode
{
    /// <summary>They choose.</summary>
    Browse,

    /// <summary>They are the filter's text.</summary>
    Filter,

    /// <summary>They say whether a process is killed.</summary>
    Confirm,
}

/// <summary>A process that was chosen: its number, and when it started, which tells it from later ones of that number.</summary>
internal readonly record struct ChosenProcess(int ProcessId, TimeSpan Started, string Name);

/// <summary>What a key leads to.</summary>
internal abstract record WatchAction
{
    private WatchAction() { }

    /// <summary>Nothing but another picture.</summary>
    public sealed record Redraw : WatchAction;

    /// <summary>The end.</summary>
    public sealed record Quit : WatchAction;

    /// <summary>A signal.</summary>
    public sealed record Send(ChosenProcess Process, Signal Signal) : WatchAction;
}

/// <summary>What the person at the keys has chosen.</summary>
internal sealed class WatchState(WatchOrder order)
{
    private const int Page = 10;

    /// <summary>What is first.</summary>
    public WatchOrder Order { get; private set; } = order;

    /// <summary>Only processes whose command, user, container or number holds this.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>Children stand below their parents.</summary>
    public bool IsTree { get; private set; }

    /// <summary>What keys do.</summary>
    public WatchMode Mode { get; private set; }

    /// <summary>The chosen process, or null.</summary>
    public ChosenProcess? Chosen { get; private set; }

    /// <summary>What is told below, until the next key.</summary>
    public string Message { get; set; } = "";

    /// <summary>The rows that are shown, in their order.</summary>
    public IReadOnlyList<ProcessRow> Arrange(IReadOnlyList<ProcessRow> rows)
    {
        IEnumerable<ProcessRow> shown = Filter.Length == 0 ? rows : rows.Where(IsFiltered);
        ProcessRow[] sorted =
        [
            .. Order switch
            {
                WatchOrder.Cpu => shown.OrderByDescending(row => row.Sample.CpuPercent),
                WatchOrder.Memory => shown.OrderByDescending(row => row.Process.Memory.Resident),
                WatchOrder.Io => shown.OrderByDescending(row =>
                    row.Sample.ReadBytesPerSecond + row.Sample.WrittenBytesPerSecond ?? 0
                ),
                _ => shown.OrderBy(row => row.Process.ProcessId),
            },
        ];
        return IsTree ? ProcessTree.Of(sorted) : sorted;
    }

    /// <summary>Takes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="rows">What is shown, in its order.</param>
    public WatchAction Press(Key key, IReadOnlyList<ProcessRow> rows)
    {
        Message = "";
        return Mode switch
        {
            WatchMode.Filter => Type(key),
            WatchMode.Confirm => Answer(key),
            _ => Browse(key, rows),
        };
    }

    private WatchAction Browse(Key key, IReadOnlyList<ProcessRow> rows)
    {
        switch (key)
        {
            case { Kind: KeyKind.Character, Character: 'q' or 'Q' }:
                return new WatchAction.Quit();
            case { Kind: KeyKind.Character, Character: 'c' }:
                Order = WatchOrder.Cpu;
                break;
            case { Kind: KeyKind.Character, Character: 'm' }:
                Order = WatchOrder.Memory;
                break;
            case { Kind: KeyKind.Character, Character: 'i' }:
                Order = WatchOrder.Io;
                break;
            case { Kind: KeyKind.Character, Character: 'p' }:
                Order = WatchOrder.Number;
                break;
            case { Kind: KeyKind.Character, Character: 't' }:
                IsTree = !IsTree;
                break;
            case { Kind: KeyKind.Character, Character: '/' }:
                Mode = WatchMode.Filter;
                break;
            case { Kind: KeyKind.Character, Character: 'k' }:
                Ask(rows);
                break;
            case { Kind: KeyKind.Escape }:
                (Filter, Chosen) = ("", null);
                break;
            case { Kind: KeyKind.Up }:
                Move(rows, -1);
                break;
            case { Kind: KeyKind.Down }:
                Move(rows, 1);
                break;
            case { Kind: KeyKind.PageUp }:
                Move(rows, -Page);
                break;
            case { Kind: KeyKind.PageDown }:
                Move(rows, Page);
                break;
            case { Kind: KeyKind.Home }:
                Move(rows, -rows.Count);
                break;
            case { Kind: KeyKind.End }:
                Move(rows, rows.Count);
                break;
        }

        return new WatchAction.Redraw();
    }

    private WatchAction Type(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Enter:
                Mode = WatchMode.Browse;
                break;
            case KeyKind.Escape:
                (Mode, Filter) = (WatchMode.Browse, "");
                break;
            case KeyKind.Backspace:
                Filter = Filter.Length > 0 ? Filter[..^1] : Filter;
                break;
            case KeyKind.Character:
                Filter += key.Character;
                break;
        }

        return new WatchAction.Redraw();
    }

    private WatchAction Answer(Key key)
    {
        Mode = WatchMode.Browse;
        Signal? signal = key switch
        {
            { Kind: KeyKind.Character, Character: 'y' or 'Y' } => Signal.SIGTERM,
            { Kind: KeyKind.Character, Character: '9' } => Signal.SIGKILL,
            _ => null,
        };
        if (signal is { } chosen && Chosen is { } process)
        {
            return new WatchAction.Send(process, chosen);
        }

        Message = "nothing was killed";
        return new WatchAction.Redraw();
    }

    private void Ask(IReadOnlyList<ProcessRow> rows)
    {
        if (IndexOf(rows) < 0)
        {
            Message = "choose a process with the arrow keys first";
            return;
        }

        Mode = WatchMode.Confirm;
    }

    private void Move(IReadOnlyList<ProcessRow> rows, int by)
    {
        if (rows.Count == 0)
        {
            Chosen = null;
            return;
        }

        int now = IndexOf(rows);
        int next = now < 0 ? (by > 0 ? 0 : rows.Count - 1) : Math.Clamp(now + by, 0, rows.Count - 1);
        Chosen = new(rows[next].Process.ProcessId, rows[next].Process.StartedAfterBoot, rows[next].Process.Name);
    }

    /// <summary>Where the chosen process stands; below 0 where it does not.</summary>
    public int IndexOf(IReadOnlyList<ProcessRow> rows)
    {
        for (int i = 0; Chosen is { } chosen && i < rows.Count; i++)
        {
            if (rows[i].Process.ProcessId == chosen.ProcessId && rows[i].Process.StartedAfterBoot == chosen.Started)
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsFiltered(ProcessRow row) =>
        row.Command.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || row.Process.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || row.User.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || row.Container?.Contains(Filter, StringComparison.OrdinalIgnoreCase) == true
        || row.Process.ProcessId.ToString() == Filter;
}
