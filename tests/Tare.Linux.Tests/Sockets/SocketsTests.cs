using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SocketsTests
{
    [Fact]
    public void Descriptors_arrive_with_the_payload_and_are_the_same_files()
    {
        using SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_SEQPACKET).OrThrow("socketpair");
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        DescriptorPassing.Send(pair.First, "hello"u8, pipe.WriteEnd, pipe.ReadEnd).OrThrow("sendmsg");
        byte[] payload = new byte[64];
        using ReceivedMessage message = DescriptorPassing.Receive(pair.Second, payload).OrThrow("recvmsg");
        Assert.Equal("hello"u8.ToArray(), payload[..message.Length]);
        Assert.Equal(2, message.Descriptors.Count);
        Assert.False(message.Truncated);
        Assert.All(message.Descriptors, fd => Assert.True(DescriptorTable.IsCloseOnExec(fd).OrThrow("fcntl")));
        Files.WriteAll(message.Descriptors[0], "x"u8).OrThrow("write");
        Assert.Equal(1, Files.Read(message.Descriptors[1], payload).OrThrow("read"));
    }

    [Fact]
    public void What_does_not_fit_is_cut_and_said()
    {
        using SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_SEQPACKET).OrThrow("socketpair");
        DescriptorPassing.Send(pair.First, "hello"u8, pair.First, pair.First, pair.First).OrThrow("sendmsg");
        byte[] payload = new byte[3];
        using ReceivedMessage message = DescriptorPassing.Receive(pair.Second, payload, maximum: 2).OrThrow("recvmsg");
        Assert.True(message.Truncated);
        Assert.Equal("hel"u8.ToArray(), payload);
        Assert.Equal(2, message.Descriptors.Count);
    }

    [Fact]
    public void A_message_without_descriptors_has_none()
    {
        using SocketPair pair = UnixSockets
            .CreatePair(SocketFlags.SOCK_STREAM | SocketFlags.SOCK_NONBLOCK)
            .OrThrow("socketpair");
        byte[] payload = new byte[8];
        Assert.Equal(Errno.EAGAIN, DescriptorPassing.Receive(pair.Second, payload).Errno);
        DescriptorPassing.Send(pair.First, "ab"u8).OrThrow("sendmsg");
        using ReceivedMessage message = DescriptorPassing.Receive(pair.Second, payload).OrThrow("recvmsg");
        Assert.Equal(2, message.Length);
        Assert.Empty(message.Descriptors);
        pair.First.Dispose();
        Assert.Equal(0, DescriptorPassing.Receive(pair.Second, payload).OrThrow("recvmsg").Length);
        Assert.Equal(Errno.EPIPE, DescriptorPassing.Send(pair.Second, "ab"u8).Errno);
    }

    [Fact]
    public void No_ancillary_data_breaks_the_reader() =>
        Gen.Byte.Array[0, 200].Sample(bytes => DescriptorPassing.NumbersIn(bytes).Count <= bytes.Length / 4);

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void A_socket_is_reached_however_long_its_path(int length)
    {
        using TemporaryDirectory temporary = new();
        string directory = temporary.At(new string('d', length));
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "socket");
        Assert.Equal(Errno.ENOENT, UnixSockets.Connect(path).Errno);
        using SocketFd listener = UnixSockets.Listen(path).OrThrow("listen", path);
        Assert.Equal(Errno.EADDRINUSE, UnixSockets.Listen(path).Errno);
        using SocketFd client = UnixSockets.Connect(path).OrThrow("connect", path);
        using SocketFd server = UnixSockets.Accept(listener).OrThrow("accept4");
        UCred peer = UnixSockets.GetPeerCredentials(server).OrThrow("getsockopt");
        Assert.Equal(Environment.ProcessId, peer.ProcessId);
        Assert.Equal(Credentials.GetEffectiveUid(), peer.UserId);
        Files.WriteAll(client, "x"u8).OrThrow("write");
        Assert.Equal(1, Files.Read(server, new byte[4]).OrThrow("read"));
        listener.Dispose();

        // A program that another test starts just now has a copy of the listener until its execve.
        SysResult<SocketFd> connected;
        while ((connected = UnixSockets.Connect(path)).Ok)
        {
            connected.Value.Dispose();
        }

        Assert.Equal(Errno.ECONNREFUSED, connected.Errno);
    }

    [Fact]
    public void A_name_that_fits_nowhere_is_an_errno()
    {
        using TemporaryDirectory temporary = new();
        Assert.Equal(Errno.ENAMETOOLONG, UnixSockets.Listen(temporary.At(new string('s', 150))).Errno);
        Assert.Equal(Errno.EINVAL, UnixSockets.Connect(BytePath.Empty).Errno);
    }
}
