using System.Runtime.CompilerServices;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Communication;

public sealed class CaptureTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_outputs_are_captured_and_how_it_ended()
    {
        ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
            new("sh", "-c", "echo out; echo err >&2; exit 3"),
            cancellationToken: Cancelled
        );

        Assert.Equal(
            ("out\n", "err\n", 3, false),
            (output.StandardOutput, output.StandardError, output.ExitStatus.ExitCode, output.Truncated)
        );
        Assert.True(output.ProcessId > 0);
    }

    [Fact]
    public async Task Input_and_output_larger_than_any_pipe_go_both_ways_at_once()
    {
        byte[] sent = new byte[20 << 20];
        Random.Shared.NextBytes(sent);

        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new("sh", "-c", "tee /dev/stderr"),
            new() { Input = sent, Limit = sent.Length },
            Cancelled
        );

        Assert.True(sent.AsSpan().SequenceEqual(output.StandardOutput.Bytes.Span));
        Assert.True(sent.AsSpan().SequenceEqual(output.StandardError.Bytes.Span));
        Assert.False(output.StandardOutput.Truncated);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a line\n", "a line\r\na line\r\n")]
    [InlineData("no line", "no lineno line")]
    public async Task Input_at_a_terminal_has_an_end(string typed, string shown)
    {
        ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
            new("cat") { Terminal = new(24, 80) },
            new() { Input = Encoding.UTF8.GetBytes(typed) },
            Cancelled
        );

        Assert.True(output.ExitStatus.Success);

        // Where the program has not begun to read, the key is shown before what it writes.
        Assert.Equal(shown, output.StandardOutput.Replace("^D\b\b", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Streams_that_nobody_disposed_are_closed_when_nobody_has_them_any_more()
    {
        WeakReference[] left = await LeaveAsync();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));

        for (int i = 0; i < 100 && left.Any(one => one.IsAlive); i++)
        {
            await timer.WaitForNextTickAsync(Cancelled);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(left, one => one.IsAlive);
    }

    // One that was waited for, and one that nobody has looked at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> LeaveAsync()
    {
        ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sleep 0.05; echo end")
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
                StandardError = ChildStream.Pipe,
            }
        );
        await child.StandardOutput!.CopyToAsync(Stream.Null, Cancelled);
        await child.WaitForExitAsync(Cancelled);
        return
        [
            new(child.StandardInput!.Descriptor),
            new(child.StandardOutput.Descriptor),
            new(child.StandardError!.Descriptor),
        ];
    }

    [Fact]
    public async Task Who_does_not_read_its_input_is_not_waited_for()
    {
        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new("true"),
            new() { Input = new byte[10 << 20] },
            Cancelled
        );

        Assert.True(output.ExitStatus.Success);
    }

    [Fact]
    public async Task Of_a_flood_the_limit_is_kept_and_the_rest_counted()
    {
        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new("sh", "-c", "head -c 50000000 /dev/zero | tr '\\0' x; printf end >&2"),
            new() { Limit = 10_000 },
            Cancelled
        );

        Assert.True(output.ExitStatus.Success);
        Assert.Equal(50_000_000, output.StandardOutput.Length);
        Assert.Equal(new string('x', 10_000), output.StandardOutput.Text);
        Assert.True(output.StandardOutput.Truncated);
        Assert.Equal("end", output.StandardError.Text);
    }

    [Fact]
    public async Task Whoever_holds_the_pipes_after_the_end_is_not_waited_for_for_ever()
    {
        // The grandchild holds both pipes until it is told to end.
        using Linux.PipePair hold = Linux.Pipes.Create().OrThrow("make a pipe");
        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new("sh", "-c", "exec 3<&0; cat <&3 & echo before") { StandardInput = ChildStream.From(hold.ReadEnd) },
            new() { Grace = TimeSpan.FromMilliseconds(50) },
            Cancelled
        );

        Assert.True(output.ExitStatus.Success);
        Assert.Equal("before\n", output.StandardOutput.Text);
        Assert.False(output.StandardOutput.Ended);
        Assert.False(output.StandardError.Ended);
    }

    [Fact]
    public async Task What_is_written_late_within_the_grace_is_captured()
    {
        using Linux.PipePair gate = Linux.Pipes.Create().OrThrow("make a pipe");
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "exec 3<&0; { read line; echo late; } <&3 & exit 0")
            {
                StandardInput = ChildStream.From(gate.ReadEnd),
                StandardOutput = ChildStream.Pipe,
            }
        );
        Task<ProcessOutput> capture = child.CaptureAsync(new() { Grace = TimeSpan.FromMinutes(1) }, Cancelled);
        await child.WaitForExitAsync(Cancelled);

        Linux.Files.WriteAll(gate.WriteEnd, "go\n"u8).OrThrow("write");
        ProcessOutput output = await capture;

        Assert.Equal(("late\n", true), (output.StandardOutput.Text, output.StandardOutput.Ended));
    }

    [Fact]
    public async Task Who_closes_its_outputs_and_lives_on_is_waited_for()
    {
        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new("sh", "-c", "echo x; exec >&- 2>&-; read line; exit 7"),
            new() { Input = "go\n"u8.ToArray() },
            Cancelled
        );

        Assert.Equal(("x\n", 7), (output.StandardOutput.Text, output.ExitStatus.ExitCode));
    }

    [Fact]
    public async Task Cancelling_kills()
    {
        using CancellationTokenSource over = new();
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "echo ready; exec sleep 1000") { StandardOutput = ChildStream.Pipe }
        );
        Task<ProcessOutput> capture = child.CaptureAsync(cancellationToken: over.Token);
        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => capture);
        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
    }

    [Fact]
    public async Task Where_it_is_cancelled_already_nothing_is_started()
    {
        ProcessStartOptions missing = new("/nowhere/at-all");
        CancellationToken over = new(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ChildProcess.RunAsync(missing, over));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ChildProcess.RunAndCaptureTextAsync(missing, cancellationToken: over)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Sandbox.RunAsync("true", [], new() { ReadOnly = ["/nowhere/at-all"] }, over)
        );
    }

    [Fact]
    public async Task A_terminal_is_captured()
    {
        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new("sh", "-c", "echo one; echo two >&2") { Terminal = new TerminalSize(24, 80) },
            cancellationToken: Cancelled
        );

        Assert.Equal("one\r\ntwo\r\n", output.StandardOutput.Text);
    }

    [Fact]
    public async Task Lines_come_as_they_are_written()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "echo a; printf 'b\\r\\n'; echo c >&2; printf '\\n0123456789\\nlast'")
            {
                StandardOutput = ChildStream.Pipe,
                StandardError = ChildStream.Pipe,
            }
        );
        List<ProcessOutputLine> lines = [];
        await foreach (ProcessOutputLine line in child.ReadAllLinesAsync(4, Cancelled))
        {
            lines.Add(line);
        }

        Assert.Equal(
            ["a", "b", "", "0123", "4567", "89", "last"],
            lines.Where(line => !line.StandardError).Select(line => line.Content)
        );
        Assert.Equal("c", Assert.Single(lines, line => line.StandardError).Content);
    }

    /// <summary>Pieces of a line were cut within characters, which both lost then, and a carriage return at a cut was lost.</summary>
    [Theory]
    [InlineData(3, "ab\rcdé€x", "ab\r", "cd", "é", "€", "x")]
    [InlineData(5, "abcd\U0001F600e", "abcd", "\U0001F600e")]
    [InlineData(2, "€", "\uFFFD", "\uFFFD")]
    public async Task A_long_line_comes_in_pieces_of_whole_characters(int longest, string line, params string[] pieces)
    {
        await using ChildProcess child = ChildProcess.Start(
            new("printf", "%s\\r\\n", line) { StandardOutput = ChildStream.Pipe }
        );
        List<string> read = [];
        await foreach (ProcessOutputLine piece in child.ReadAllLinesAsync(longest, Cancelled))
        {
            read.Add(piece.Content);
        }

        Assert.Equal(pieces, read.Where(piece => piece.Length > 0));
    }

    [Fact]
    public async Task Who_writes_lines_faster_than_they_are_read_waits()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("seq", "1", "1000000") { StandardOutput = ChildStream.Pipe }
        );
        int count = 0;
        await foreach (ProcessOutputLine line in child.ReadAllLinesAsync(cancellationToken: Cancelled))
        {
            count++;
            Assert.Equal(count.ToString(), line.Content);
        }

        Assert.Equal(1_000_000, count);
    }

    [Fact]
    public async Task Bad_arguments_are_refused_before_anything_happens()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            ChildProcess.RunAndCaptureAsync(new("true"), new() { Limit = -1 }, Cancelled)
        );
        await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            ChildProcess.RunAndCaptureAsync(new("true"), new() { Grace = TimeSpan.FromTicks(-1) }, Cancelled)
        );
        await using ChildProcess child = ChildProcess.Start(new("true"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            child.CaptureAsync(new() { Input = Encoding.UTF8.GetBytes("x") }, Cancelled)
        );
    }
}
