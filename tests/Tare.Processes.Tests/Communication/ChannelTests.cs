using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Probe;

namespace Tare.Processes.Tests.Communication;

public sealed class ChannelTests
{
    // Any language that has sockets can be the child: this speaks the frames without this library.
    private const string Python = """
        import array, json, os, socket, struct, sys
        s = socket.socket(fileno=int(os.environ['TARE_CHANNEL']))
        data, fds, held = b'', [], []
        def take(n):
            global data
            while len(data) < n:
                part, anc, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(253 * 4))
                if not part: sys.exit(0)
                for level, kind, body in anc:
                    fds.extend(array.array('i', body))
                data += part
            out, data = data[:n], data[n:]
            return out
        def send(kind, ident, body, given=()):
            frame = struct.pack('<IBBHQ', len(body), kind, len(given), 0, ident) + body
            anc = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', given))] if given else []
            sent = s.sendmsg([frame], anc)
            s.sendall(frame[sent:])
        while True:
            length, kind, count, _, ident = struct.unpack('<IBBHQ', take(16))
            body = take(length)
            if kind == 4:
                held.append(ident)
                continue
            question = json.loads(body)
            own, fds = fds[:count], fds[count:]
            what = question['What']
            if what == 'add': send(2, ident, json.dumps({'Text': 'sum', 'Sum': question['Number'] + 1}).encode())
            elif what == 'refuse': send(3, ident, 'no such thing'.encode())
            elif what == 'die': os._exit(question['Number'])
            elif what == 'close': s.close(); sys.stdin.read(); os._exit(0)
            elif what == 'hold': pass
            elif what == 'cancelled': send(2, ident, json.dumps({'Text': str(len(held)), 'Sum': held[0] if held else 0}).encode())
            elif what == 'broken': s.sendall(struct.pack('<IBBHQ', 1 << 31, 2, 0, 0, ident))
            elif what == 'nonsense': send(2, ident, b'[1,2')
            elif what == 'swap':
                text = os.read(own[0], 100).decode(); os.close(own[0])
                r, w = os.pipe(); os.write(w, b'from the child'); os.close(w)
                send(2, ident, json.dumps({'Text': text}).encode(), [r]); os.close(r)
            else: send(2, ident, json.dumps({'Text': what}).encode())
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_of_another_language_answers_many_requests_at_once()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();

        Answer?[] answers = await Task.WhenAll(
            Enumerable.Range(0, 500).Select(i => channel.SendAsync(new("add", i), Cancelled))
        );

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), answers.Select(answer => answer!.Sum));
    }

    [Fact]
    public async Task Large_messages_go_both_ways_at_once()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();
        string[] texts = [.. Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 1 << 20))];

        Answer?[] answers = await Task.WhenAll(texts.Select(text => channel.SendAsync(new(text), Cancelled)));

        Assert.Equal(texts, answers.Select(answer => answer!.Text));
    }

    [Fact]
    public async Task Descriptors_go_along_both_ways()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();
        using PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        Linux.Files.WriteAll(pipe.WriteEnd, "to the child"u8).OrThrow("write");

        // Between requests without any, so that each must find its own.
        Task<Answer?>[] others = [.. Enumerable.Range(0, 20).Select(i => channel.SendAsync(new("add", i), Cancelled))];
        using ChannelMessage<Answer> answer = await channel.ExchangeAsync(new("swap"), [pipe.ReadEnd], Cancelled);
        await Task.WhenAll(others);

        byte[] buffer = new byte[100];
        int count = Linux.Files.Read(Assert.Single(answer.Descriptors), buffer).OrThrow("read");
        Assert.Equal("to the child", answer.Value!.Text);
        Assert.Equal("from the child"u8.ToArray(), buffer[..count]);
    }

    [Fact]
    public async Task What_the_child_refuses_fails_alone()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();

        ProcessChannelException failure = await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new("refuse"), Cancelled)
        );

        Assert.Equal(("no such thing", null), (failure.RemoteError, failure.ExitStatus));
        Assert.Equal(2, (await channel.SendAsync(new("add", 1), Cancelled))!.Sum);
    }

    [Fact]
    public async Task When_the_child_dies_all_that_wait_fail_with_its_exit()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();
        Task<Answer?>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => channel.SendAsync(new("hold"), Cancelled))];

        Task<Answer?> last = channel.SendAsync(new("die", 42), Cancelled);

        foreach (Task<Answer?> one in waiting.Append(last))
        {
            ProcessChannelException failure = await Assert.ThrowsAsync<ProcessChannelException>(() => one);
            Assert.Equal(42, failure.ExitStatus!.ExitCode);
        }

        await channel.Completion.WaitAsync(Cancelled);
        ProcessChannelException later = await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new("add"), Cancelled)
        );
        Assert.Equal(42, later.ExitStatus!.ExitCode);
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_socket_does_not_put_the_end_off()
    {
        Require.Program("python3");
        using PipePair hold = Pipes.Create().OrThrow("make a pipe");
        await using ProcessChannel<Question, Answer> channel = ProcessChannel.Start(
            new("sh", "-c", "exec 4<&0; cat <&4 & exit 9") { StandardInput = ChildStream.From(hold.ReadEnd) },
            Messages.Default.Question,
            Messages.Default.Answer
        );

        ProcessChannelException failure = await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new("add"), Cancelled)
        );

        Assert.Equal(9, failure.ExitStatus!.ExitCode);
    }

    [Fact]
    public async Task A_child_that_closes_its_side_and_lives_on_is_said_to()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython(
            new() { ExitGrace = TimeSpan.FromMilliseconds(20) }
        );

        ProcessChannelException failure = await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new("close"), Cancelled)
        );

        Assert.Null(failure.ExitStatus);
        Assert.Contains("closed its side", failure.Message, StringComparison.Ordinal);
        channel.Process.StandardInput!.Dispose();
        Assert.True((await channel.Process.WaitForExitAsync(Cancelled)).Success);
    }

    [Fact]
    public async Task The_child_is_told_of_a_cancelled_request()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();
        using CancellationTokenSource over = new();
        Task<Answer?> held = channel.SendAsync(new("hold"), over.Token);
        await channel.SendAsync(new("add"), Cancelled);

        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);

        Answer? answer;
        do
        {
            answer = await channel.SendAsync(new("cancelled"), Cancelled);
        } while (answer!.Text == "0");

        Assert.Equal(new Answer("1", 1), answer);
    }

    [Theory]
    [InlineData("broken", "longer than the channel's limit")]
    [InlineData("nonsense", "is no Answer")]
    public async Task What_is_no_message_is_said_to_be(string what, string message)
    {
        await using ProcessChannel<Question, Answer> channel = StartPython();

        ProcessChannelException failure = await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new(what), Cancelled)
        );

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_not_sent()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython(new() { MaximumLength = 100 });

        await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new(new string('x', 200)), Cancelled)
        );

        Assert.Equal(1, (await channel.SendAsync(new("add"), Cancelled))!.Sum);
    }

    [Fact]
    public async Task No_more_requests_than_allowed_are_under_way()
    {
        await using ProcessChannel<Question, Answer> channel = StartPython(new() { MaximumRequests = 1 });
        using CancellationTokenSource over = new();
        Task<Answer?> held = channel.SendAsync(new("hold"), over.Token);
        Task<Answer?> next = channel.SendAsync(new("add"), Cancelled);

        Assert.False(next.IsCompleted);
        await over.CancelAsync();

        Assert.Equal(1, (await next)!.Sum);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
    }

    [Fact]
    public async Task Disposing_fails_what_waits()
    {
        ProcessChannel<Question, Answer> channel = StartPython();
        Task<Answer?> held = channel.SendAsync(new("hold"), Cancelled);

        await channel.DisposeAsync();

        ProcessChannelException failure = await Assert.ThrowsAsync<ProcessChannelException>(() => held);
        Assert.Contains("was closed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_with_this_library_finds_its_channel()
    {
        await using ProcessChannel<Question, Answer> channel = ProcessChannel.Start(
            new(Probe.Path, "channel"),
            Messages.Default.Question,
            Messages.Default.Answer
        );
        using MemoryFd given = MemFds.CreateSealed("given", "content"u8).OrThrow("make a memfd");

        Answer?[] sums = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => channel.SendAsync(new("double", i), Cancelled))
        );
        using ChannelMessage<Answer> same = await channel.ExchangeAsync(new("return"), [given], Cancelled);
        ProcessChannelException refused = await Assert.ThrowsAsync<ProcessChannelException>(() =>
            channel.SendAsync(new("throw"), Cancelled)
        );
        Answer? variable = await channel.SendAsync(new("variable"), Cancelled);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => 2L * i), sums.Select(answer => answer!.Sum));
        byte[] buffer = new byte[20];
        int count = Linux.Files.ReadAt(Assert.Single(same.Descriptors), buffer, 0).OrThrow("read");
        Assert.Equal("content"u8.ToArray(), buffer[..count]);
        Assert.Equal("thrown in the child", refused.RemoteError);
        Assert.Equal("none", variable!.Text);

        // The child ends by itself when the channel does.
        await channel.DisposeAsync();
        Assert.Equal(5, (await channel.Process.WaitForExitAsync(Cancelled)).ExitCode);
    }

    [Fact]
    public async Task A_server_gives_up_what_is_cancelled_and_waits_for_what_runs()
    {
        (ProcessChannelServer<Question, Answer> server, FrameSocket asking) = ServerPair();
        TaskCompletionSource begun = new();
        TaskCompletionSource<bool> gaveUp = new();
        Task serving = server.ServeAsync(
            async (_, token) =>
            {
                begun.SetResult();
                TaskCompletionSource never = new();
                await using (token.Register(() => never.SetCanceled(token)))
                {
                    try
                    {
                        await never.Task;
                    }
                    finally
                    {
                        gaveUp.SetResult(token.IsCancellationRequested);
                    }
                }

                return new Answer("never");
            },
            Cancelled
        );
        await asking.WriteAsync(FrameKind.Request, 7, "{\"What\":\"x\"}"u8.ToArray(), [], Cancelled);
        await begun.Task;

        await asking.WriteAsync(FrameKind.Cancel, 7, default, [], Cancelled);

        Assert.True(await gaveUp.Task);
        Frame answer = (await asking.ReadAsync(Cancelled))!.Value;
        Assert.Equal((FrameKind.Error, 7ul, "cancelled"), (answer.Kind, answer.Id, Text(answer)));
        asking.Dispose();
        await serving;
    }

    [Fact]
    public async Task A_server_says_what_is_wrong_with_a_request()
    {
        (ProcessChannelServer<Question, Answer> server, FrameSocket asking) = ServerPair();
        Task serving = server.ServeAsync((_, _) => ValueTask.FromResult(new Answer("")), Cancelled);

        await asking.WriteAsync(FrameKind.Request, 1, "nonsense"u8.ToArray(), [], Cancelled);

        Frame answer = (await asking.ReadAsync(Cancelled))!.Value;
        Assert.Equal(FrameKind.Error, answer.Kind);
        asking.Dispose();
        await serving;
    }

    /// <summary>What a message could not hold was not sent at all, and who had asked waited for ever.</summary>
    [Fact]
    public async Task A_reason_that_is_longer_than_a_message_is_sent_in_part()
    {
        (ProcessChannelServer<Question, Answer> server, FrameSocket asking) = ServerPair(new() { MaximumLength = 101 });
        Task serving = server.ServeAsync(
            (_, _) => throw new InvalidOperationException(new string('é', 1000)),
            Cancelled
        );

        await asking.WriteAsync(FrameKind.Request, 1, "{\"What\":\"x\"}"u8.ToArray(), [], Cancelled);

        Frame answer = (await asking.ReadAsync(Cancelled))!.Value;
        Assert.Equal((FrameKind.Error, new string('é', 50)), (answer.Kind, Text(answer)));
        asking.Dispose();
        await serving;
    }

    [Fact]
    public void Whoever_was_given_no_channel_is_told()
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            ProcessChannel.FromInherited(Messages.Default.Question, Messages.Default.Answer)
        );

        Assert.Contains(ProcessChannel.Variable, failure.Message, StringComparison.Ordinal);
    }

    private static string Text(Frame frame) => System.Text.Encoding.UTF8.GetString(frame.Body.Span);

    private static (ProcessChannelServer<Question, Answer> Server, FrameSocket Asking) ServerPair(
        ProcessChannelOptions? options = null
    )
    {
        SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("make a pair of sockets");
        return (
            new(pair.First, Messages.Default.Question, Messages.Default.Answer, options),
            new FrameSocket(pair.Second, 1 << 20)
        );
    }

    private static ProcessChannel<Question, Answer> StartPython(ProcessChannelOptions? options = null)
    {
        string python = Require.Program("python3");
        return ProcessChannel.Start(
            new(python, "-c", Python) { StandardInput = ChildStream.Pipe },
            Messages.Default.Question,
            Messages.Default.Answer,
            options
        );
    }
}
