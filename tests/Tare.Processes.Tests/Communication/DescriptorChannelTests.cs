using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Communication;

public sealed class DescriptorChannelTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SocketFlags.SOCK_SEQPACKET)]
    [InlineData(SocketFlags.SOCK_STREAM)]
    public async Task Bytes_and_descriptors_go_over_and_say_who_sent_them(SocketFlags type)
    {
        (DescriptorChannel channel, SocketFd other) = DescriptorChannel.Create(type);
        using DescriptorChannel own = channel;
        using DescriptorChannel peer = new(other);
        own.IdentifySenders();
        using MemoryFd memory = MemFds.CreateSealed("given", "content"u8).OrThrow("memfd");
        byte[] buffer = new byte[100];
        Task<ReceivedMessage> receiving = own.ReceiveAsync(buffer, cancellationToken: Cancelled).AsTask();

        await peer.SendAsync("hello"u8.ToArray(), [memory, memory], Cancelled);

        using ReceivedMessage message = await receiving;
        Assert.Equal("hello"u8.ToArray(), buffer[..message.Length]);
        Assert.Equal((2, false), (message.Descriptors.Count, message.Truncated));
        Assert.Equal(Environment.ProcessId, message.Sender!.Value.ProcessId);
        Assert.Equal(Environment.ProcessId, PidFds.GetProcessId(message.SenderProcess!).OrThrow("ask for a pid"));
        using PidFd process = own.OpenPeer();
        Assert.Equal(Environment.ProcessId, PidFds.GetProcessId(process).OrThrow("ask for a pid"));
        Assert.Equal(Environment.ProcessId, own.Peer.ProcessId);
        _ = own.PeerLabel;
    }

    [Fact]
    public async Task A_child_is_who_the_kernel_says()
    {
        (DescriptorChannel channel, SocketFd other) = DescriptorChannel.Create();
        using DescriptorChannel own = channel;
        own.IdentifySenders();
        string python = Fixtures.Require.Program("python3");
        await using ChildProcess child = ChildProcess.Start(
            new(
                python,
                "-c",
                "import socket; s = socket.socket(fileno=7); socket.send_fds(s, [b'here'], [0, 1]); s.recv(10)"
            )
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(7, other),
            }
        );
        other.Dispose();
        byte[] buffer = new byte[100];

        using ReceivedMessage message = await own.ReceiveAsync(buffer, maximum: 1, Cancelled);

        Assert.Equal(child.ProcessId, message.Sender!.Value.ProcessId);
        Assert.Equal((1, true), (message.Descriptors.Count, message.Truncated));
        Assert.Equal(4, message.Length);
        await own.SendAsync("end"u8.ToArray(), cancellationToken: Cancelled);
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        using ReceivedMessage end = await own.ReceiveAsync(buffer, cancellationToken: Cancelled);
        Assert.Equal(0, end.Length);
        IOException broken = await Assert.ThrowsAsync<IOException>(async () =>
            await own.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled)
        );
        Assert.Contains("EPIPE", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketFlags.SOCK_SEQPACKET)]
    [InlineData(SocketFlags.SOCK_STREAM)]
    public async Task A_sender_waits_for_its_receiver(SocketFlags type)
    {
        const int Messages = 5000;
        (DescriptorChannel channel, SocketFd other) = DescriptorChannel.Create(type);
        using DescriptorChannel own = channel;
        using DescriptorChannel peer = new(other);
        byte[] sent = new byte[1000];
        Task sending = Task.Run(
            async () =>
            {
                for (int i = 0; i < Messages; i++)
                {
                    await peer.SendAsync(sent, cancellationToken: Cancelled);
                }

                peer.Dispose();
            },
            Cancelled
        );
        byte[] buffer = new byte[64_000];
        long total = 0;
        while (true)
        {
            using ReceivedMessage message = await own.ReceiveAsync(buffer, cancellationToken: Cancelled);
            if (message.Length == 0)
            {
                break;
            }

            total += message.Length;
        }

        await sending;
        Assert.Equal(Messages * 1000L, total);
    }

    [Fact]
    public async Task Descriptors_can_be_refused()
    {
        (DescriptorChannel channel, SocketFd other) = DescriptorChannel.Create();
        using DescriptorChannel own = channel;
        using DescriptorChannel peer = new(other);
        try
        {
            own.RefuseDescriptors();
        }
        catch (KernelException missing) when (missing.Errno == Errno.ENOPROTOOPT)
        {
            Assert.Skip("needs Linux 6.16 (SO_PASSRIGHTS)");
        }

        IOException refused = await Assert.ThrowsAsync<IOException>(async () =>
            await peer.SendAsync("x"u8.ToArray(), [other], Cancelled)
        );

        Assert.Contains("EPERM", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_arguments_are_refused_before_anything_happens()
    {
        Assert.Throws<ArgumentException>(() => DescriptorChannel.Create(SocketFlags.SOCK_RAW));
        (DescriptorChannel channel, SocketFd other) = DescriptorChannel.Create();
        using DescriptorChannel own = channel;
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await own.SendAsync(default, [other], Cancelled));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await own.SendAsync(new byte[1], Enumerable.Repeat<FileDescriptor>(other, 254).ToArray(), Cancelled)
        );
        other.Dispose();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await own.SendAsync(new byte[1], [other], Cancelled)
        );
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await own.ReceiveAsync(new byte[1], 254, Cancelled));
    }
}
