using Tare.Cli.Observation;
using Tare.Cli.Watching;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Cli.Tests.Watching;

/// <summary>What keys do, without a terminal.</summary>
public class WatchStateTests
{
    private static readonly ProcessSnapshot Own = ProcessSnapshot.ReadOwn(SnapshotParts.None);

    [Fact]
    public void Keys_choose_the_order()
    {
        ProcessRow[] rows =
        [
            Row(1, cpu: 5, memory: 10, io: 0),
            Row(2, cpu: 50, memory: 1, io: 7),
            Row(3, cpu: 0, memory: 99, io: 3),
        ];
        WatchState state = new(WatchOrder.Cpu);

        Assert.Equal([2, 1, 3], Ids(state.Arrange(rows)));
        Assert.Equal([3, 1, 2], Ids(After('m')));
        Assert.Equal([2, 3, 1], Ids(After('i')));
        Assert.Equal([1, 2, 3], Ids(After('p')));
        Assert.Equal([2, 1, 3], Ids(After('c')));

        IReadOnlyList<ProcessRow> After(char key)
        {
            state.Press(Character(key), rows);
            return state.Arrange(rows);
        }
    }

    [Fact]
    public void Typing_narrows_and_escape_shows_all_again()
    {
        ProcessRow[] rows = [Row(1, name: "nginx"), Row(2, name: "redis")];
        WatchState state = new(WatchOrder.Number);

        Type(state, rows, "/NGI");
        Assert.Equal([1], Ids(state.Arrange(rows)));
        state.Press(new(KeyKind.Backspace), rows);
        Assert.Equal("NG", state.Filter);
        state.Press(new(KeyKind.Enter), rows);
        Assert.Equal(WatchMode.Browse, state.Mode);
        state.Press(new(KeyKind.Escape), rows);

        Assert.Equal([1, 2], Ids(state.Arrange(rows)));
    }

    [Fact]
    public void What_was_chosen_stays_chosen_where_the_order_changes()
    {
        ProcessRow[] rows = [Row(1), Row(2), Row(3)];
        WatchState state = new(WatchOrder.Number);

        state.Press(new(KeyKind.Down), rows);
        state.Press(new(KeyKind.Down), rows);
        Assert.Equal(1, state.IndexOf(rows));
        Assert.Equal(0, state.IndexOf([rows[1], rows[0]]));
        Assert.Equal(-1, state.IndexOf([rows[0], rows[2]]));
    }

    [Theory]
    [InlineData('y', Signal.SIGTERM)]
    [InlineData('9', Signal.SIGKILL)]
    public void Killing_takes_a_second_key(char key, Signal signal)
    {
        ProcessRow[] rows = [Row(4)];
        WatchState state = new(WatchOrder.Number);
        state.Press(new(KeyKind.Down), rows);

        Assert.IsType<WatchAction.Redraw>(state.Press(Character('k'), rows));
        WatchAction.Send send = Assert.IsType<WatchAction.Send>(state.Press(Character(key), rows));

        Assert.Equal((4, signal), (send.Process.ProcessId, send.Signal));
    }

    [Theory]
    [InlineData('n')]
    [InlineData('k')]
    [InlineData('q')]
    public void Any_other_key_kills_nothing(char key)
    {
        ProcessRow[] rows = [Row(4)];
        WatchState state = new(WatchOrder.Number);
        state.Press(new(KeyKind.Down), rows);
        state.Press(Character('k'), rows);

        Assert.IsType<WatchAction.Redraw>(state.Press(Character(key), rows));
        Assert.Equal(WatchMode.Browse, state.Mode);
    }

    [Fact]
    public void Q_is_a_letter_in_a_filter_and_the_end_elsewhere()
    {
        WatchState state = new(WatchOrder.Number);
        Type(state, [], "/q");
        Assert.Equal("q", state.Filter);
        state.Press(new(KeyKind.Enter), []);

        Assert.IsType<WatchAction.Quit>(state.Press(Character('q'), []));
    }

    [Theory]
    [InlineData(120, 30)]
    [InlineData(80, 24)]
    [InlineData(40, 10)]
    [InlineData(20, 5)]
    [InlineData(5, 3)]
    [InlineData(1, 1)]
    [InlineData(400, 100)]
    public void A_picture_is_as_high_as_the_terminal_and_narrower(int width, int height)
    {
        WatchPicture picture = new();
        MachineSource machine = new();
        ProcessRow[] rows =
        [
            .. Enumerable.Range(1, 50).Select(number => Row(number, name: new string('x', 300), cpu: number)),
        ];
        picture.Add(machine.Take(), rows, isFirst: true);
        picture.Add(machine.Take(), rows, isFirst: false);

        string[] lines = WatchScreen.Draw(picture, rows, new WatchState(WatchOrder.Cpu), width, height);

        Assert.Equal(height, lines.Length);
        Assert.All(
            lines,
            line => Assert.True(Plain(line).Length < Math.Max(width, 2), $"{Plain(line).Length}: {line}")
        );
    }

    private static string Plain(string line) =>
        System.Text.RegularExpressions.Regex.Replace(line, "\e\\[[0-9;]*m", "", default, TimeSpan.FromSeconds(1));

    private static void Type(WatchState state, ProcessRow[] rows, string text)
    {
        foreach (char c in text)
        {
            state.Press(Character(c), rows);
        }
    }

    private static Key Character(char c) => new(KeyKind.Character, c);

    private static int[] Ids(IReadOnlyList<ProcessRow> rows) => [.. rows.Select(row => row.Process.ProcessId)];

    private static ProcessRow Row(int id, string name = "name", double cpu = 0, long memory = 0, double io = 0) =>
        new(
            new ProcessSample(
                Own with
                {
                    ProcessId = id,
                    ParentId = 0,
                    Name = name,
                    Memory = Own.Memory with { Resident = memory },
                },
                TimeSpan.FromSeconds(1),
                cpu,
                io,
                0,
                0,
                0
            ),
            "root",
            null
        );
}
