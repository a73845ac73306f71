using System.IO.Pipelines;
using System.Text;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Communication;

public sealed class DescriptorTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pipe_is_copied_into_another_inside_the_kernel()
    {
        byte[] content = RandomBytes(5 << 20);
        await using ChildProcess source = ChildProcess.Start(
            new("cat") { StandardInput = ChildStream.Pipe, StandardOutput = ChildStream.Pipe }
        );
        await using ChildProcess target = ChildProcess.Start(
            new("cat") { StandardInput = ChildStream.Pipe, StandardOutput = ChildStream.Pipe }
        );
        Task writing = WriteAndCloseAsync(source.StandardInput!, content);
        Task copying = CopyAndCloseAsync(source.StandardOutput!, target.StandardInput!);

        using MemoryStream received = new();
        await target.StandardOutput!.CopyToAsync(received, Cancelled);
        await Task.WhenAll(writing, copying);

        Assert.True(content.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Fact]
    public async Task A_pipe_is_copied_into_a_file_where_the_file_stands()
    {
        using TemporaryDirectory folder = new();
        byte[] content = RandomBytes(3 << 20);
        await using ChildProcess source = ChildProcess.Start(
            new("cat") { StandardInput = ChildStream.Pipe, StandardOutput = ChildStream.Pipe }
        );
        Task writing = WriteAndCloseAsync(source.StandardInput!, content);
        await using (FileStream file = File.Create(folder.At("file")))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes("before"), Cancelled);
            await source.StandardOutput!.CopyToAsync(file, Cancelled);
            await file.WriteAsync(Encoding.ASCII.GetBytes("after"), Cancelled);
        }

        await writing;
        byte[] expected = Encoding
            .ASCII.GetBytes("before")
            .Concat(content)
            .Concat(Encoding.ASCII.GetBytes("after"))
            .ToArray();
        byte[] stored = await File.ReadAllBytesAsync(folder.At("file"), Cancelled);
        Assert.True(expected.AsSpan().SequenceEqual(stored));
    }

    [Fact]
    public async Task Two_sockets_have_no_pipe_between_them_and_are_copied_all_the_same()
    {
        using SocketPair one = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("socketpair");
        using SocketPair two = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("socketpair");
        using DescriptorStream source = new(one.Second, FileAccess.ReadWrite);
        using DescriptorStream target = new(two.First, FileAccess.ReadWrite);
        using DescriptorStream end = new(two.Second, FileAccess.ReadWrite);
        byte[] content = RandomBytes(1 << 20);
        Task writing = WriteAndCloseAsync(new DescriptorStream(one.First, FileAccess.Write), content);
        Task copying = CopyAndCloseAsync(source, target);

        using MemoryStream received = new();
        await end.CopyToAsync(received, Cancelled);
        await Task.WhenAll(writing, copying);

        Assert.True(content.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Fact]
    public async Task Copying_to_whoever_does_not_read_fails()
    {
        using PipePair one = Pipes.Create().OrThrow("pipe");
        using PipePair two = Pipes.Create().OrThrow("pipe");
        using DescriptorStream source = new(one.ReadEnd, FileAccess.Read);
        using DescriptorStream target = new(two.WriteEnd, FileAccess.Write);
        two.ReadEnd.Dispose();
        Linux.Files.WriteAll(one.WriteEnd, "x"u8).OrThrow("write");

        IOException failure = await Assert.ThrowsAsync<IOException>(() => source.CopyToAsync(target, Cancelled));

        Assert.Contains("EPIPE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipes_size_can_be_changed()
    {
        await using ChildProcess child = ChildProcess.Start(new("cat") { StandardInput = ChildStream.Pipe });
        DescriptorStream pipe = child.StandardInput!;

        pipe.PipeCapacity = 200_000;

        Assert.Equal(1 << 18, pipe.PipeCapacity);
        Assert.Throws<ArgumentOutOfRangeException>(() => pipe.PipeCapacity = 0);
        using SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("socketpair");
        using DescriptorStream socket = new(pair.First, FileAccess.ReadWrite);
        Assert.Equal(Errno.EBADF, Assert.Throws<KernelException>(() => socket.PipeCapacity).Errno);
    }

    [Fact]
    public async Task One_who_reads_and_one_who_writes_wait_for_the_same_socket()
    {
        using SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("socketpair");
        await using DescriptorStream near = new(pair.First, FileAccess.ReadWrite);
        await using DescriptorStream far = new(pair.Second, FileAccess.ReadWrite);
        byte[] content = RandomBytes(4 << 20);
        byte[] received = new byte[content.Length];
        byte[] answer = new byte[3];
        for (int round = 0; round < 20; round++)
        {
            // Both wait before anything happens at the other end, in turn the one first and the other.
            Task<int>? early = round % 2 == 0 ? ReadAnswer() : null;
            Task writing = near.WriteAsync(content, Cancelled).AsTask();
            Task<int> reading = early ?? ReadAnswer();

            Assert.False(reading.IsCompleted || writing.IsCompleted);
            await far.ReadExactlyAsync(received, Cancelled);
            await writing;
            Assert.False(reading.IsCompleted);
            await far.WriteAsync("yes"u8.ToArray(), Cancelled);
            Assert.Equal(3, await reading);
        }

        Assert.Equal(content, received);

        Task<int> ReadAnswer() => near.ReadAtLeastAsync(answer, 3, cancellationToken: Cancelled).AsTask();
    }

    [Fact]
    public async Task A_pipe_reader_reads_it()
    {
        await using ChildProcess child = ChildProcess.Start(new("echo", "hello") { StandardOutput = ChildStream.Pipe });
        PipeReader reader = PipeReader.Create(child.StandardOutput!);

        ReadResult read = await reader.ReadAtLeastAsync(100, Cancelled);

        Assert.True(read.IsCompleted);
        Assert.Equal("hello\n", Encoding.ASCII.GetString(read.Buffer));
        await reader.CompleteAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_FIFO_waits_for_its_other_end(bool readerFirst)
    {
        using TemporaryDirectory folder = new();
        string path = folder.At("fifo");
        Fifo.Create(path);
        Assert.Equal(Errno.EEXIST, Assert.Throws<KernelException>(() => Fifo.Create(path)).Errno);

        Task<DescriptorStream> first = Fifo.OpenAsync(
            path,
            readerFirst ? FileAccess.Read : FileAccess.Write,
            Cancelled
        );
        Assert.False(first.IsCompleted);
        await using ChildProcess other = ChildProcess.Start(
            readerFirst
                ? new("sh", "-c", $"echo hello > {path}")
                : new("cat", path) { StandardOutput = ChildStream.Pipe }
        );
        await using DescriptorStream stream = await first;
        if (!readerFirst)
        {
            await stream.WriteAsync("hello\n"u8.ToArray(), Cancelled);
            stream.Dispose();
        }

        using StreamReader reader = new(readerFirst ? stream : other.StandardOutput!);
        Assert.Equal("hello\n", await reader.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task Waiting_for_the_other_end_of_a_FIFO_can_be_cancelled()
    {
        using TemporaryDirectory folder = new();
        Fifo.Create(folder.At("fifo"));
        using CancellationTokenSource over = new();
        Task<DescriptorStream> reader = Fifo.OpenAsync(folder.At("fifo"), FileAccess.Read, over.Token);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Fifo.OpenAsync(folder.At("fifo"), FileAccess.Write, over.Token)
        );
        File.WriteAllText(folder.At("file"), "");
        Assert.Equal(
            Errno.EINVAL,
            (
                await Assert.ThrowsAsync<KernelException>(() =>
                    Fifo.OpenAsync(folder.At("file"), FileAccess.Read, Cancelled)
                )
            ).Errno
        );
    }

    [Fact]
    public async Task A_terminal_of_ones_own_is_raw_signals_and_hangs_up()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open(new TerminalSize(10, 20));
        Assert.Equal(new TerminalSize(10, 20), terminal.Size);
        Assert.Null(terminal.ForegroundProcessGroup);
        Assert.True(terminal.Echo);
        terminal.Echo = false;
        Assert.False(terminal.Echo);
        terminal.MakeRaw();
        Assert.Equal(
            (TerminalLocalFlags)0,
            terminal.Settings.Local & (TerminalLocalFlags.ICANON | TerminalLocalFlags.ISIG)
        );

        using PtyFd own = terminal.OpenTerminal();
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "tty; head -c 3")
            {
                StandardInput = ChildStream.From(own),
                StandardOutput = ChildStream.From(own),
                StandardError = ChildStream.From(own),
            }
        );
        own.Dispose();
        byte[] raw = [3, 4, (byte)'\n'];
        await terminal.Stream.WriteAsync(raw, Cancelled);
        using MemoryStream shown = new();
        await terminal.Stream.CopyToAsync(shown, Cancelled);

        byte[] name = Encoding.ASCII.GetBytes($"/dev/pts/{terminal.Number}\n");
        Assert.Equal([.. name, .. raw], shown.ToArray());
    }

    [Fact]
    public async Task The_foreground_of_a_terminal_is_known_and_signalled()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "trap 'echo interrupted; exit 0' INT; echo ready; while :; do sleep 0.01; done")
            {
                Terminal = new TerminalSize(24, 80),
            }
        );
        using StreamReader reader = new(child.Terminal!.Stream);
        Assert.Equal("ready", await reader.ReadLineAsync(Cancelled));
        Assert.Equal(child.ProcessId, child.Terminal.ForegroundProcessGroup);

        child.Terminal.SignalForeground(Signal.SIGINT);

        Assert.Contains("interrupted", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Terminal.SignalForeground(Signal.SIGTERM));
    }

    [Fact]
    public async Task Disposing_a_terminal_hangs_it_up()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "echo ready; read line; sleep 1000") { Terminal = new TerminalSize(24, 80) }
        );
        byte[] ready = new byte[5];
        await child.Terminal!.Stream.ReadExactlyAsync(ready, Cancelled);

        child.Terminal.Dispose();

        Assert.Equal(Signal.SIGHUP, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
    }

    [Fact]
    public async Task A_childs_descriptor_is_duplicated()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("cat") { StandardInput = ChildStream.Pipe, StandardOutput = ChildStream.Null }
        );

        using FileFd output = child.DuplicateDescriptor(1);

        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/self/fd/{output.Number}", false)!.FullName);
        Assert.Equal(Errno.EBADF, Assert.Throws<KernelException>(() => child.DuplicateDescriptor(99)).Errno);
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private static async Task WriteAndCloseAsync(Stream stream, byte[] content)
    {
        await stream.WriteAsync(content, Cancelled);
        await stream.DisposeAsync();
    }

    private static async Task CopyAndCloseAsync(Stream source, Stream target)
    {
        await source.CopyToAsync(target, Cancelled);
        await target.DisposeAsync();
    }
}
