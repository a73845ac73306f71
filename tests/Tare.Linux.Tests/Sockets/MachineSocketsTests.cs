using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MachineSocketsTests
{
    [Theory]
    [InlineData(SocketFlags.SOCK_STREAM)]
    [InlineData(SocketFlags.SOCK_SEQPACKET)]
    public void A_machine_talks_to_itself(SocketFlags type)
    {
        uint port = 0x5000_0000 + (uint)Environment.ProcessId;
        SysResult<SocketFd> listening = MachineSockets.Listen(port, MachineSockets.Local, type: type);
        Assert.SkipWhen(
            listening.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL,
            $"needs vsock with a loopback (modprobe vsock_loopback): {listening.Errno}"
        );
        using SocketFd listener = listening.OrThrow("listen");
        Assert.Equal(Errno.EADDRINUSE, MachineSockets.Listen(port, MachineSockets.Local, type: type).Errno);
        SysResult<SocketFd> connecting = MachineSockets.Connect(MachineSockets.Local, port, type);
        Assert.SkipWhen(connecting.Errno == Errno.ENODEV, "needs vsock with a loopback (modprobe vsock_loopback)");
        using SocketFd client = connecting.OrThrow("connect");
        using SocketFd server = UnixSockets.Accept(listener).OrThrow("accept4");
        Files.WriteAll(client, "hello"u8).OrThrow("write");
        Files.WriteAll(client, "again"u8).OrThrow("write");
        byte[] buffer = new byte[10];
        int first = Files.Read(server, buffer).OrThrow("read");
        Assert.True(type == SocketFlags.SOCK_SEQPACKET ? first == 5 : first is 5 or 10);
    }

    [Fact]
    public void Datagrams_are_refused_where_nothing_carries_them()
    {
        SysResult<SocketFd> socket = MachineSockets.Listen(0x6000_0000, type: SocketFlags.SOCK_DGRAM);
        Assert.SkipWhen(socket.Errno == Errno.EAFNOSUPPORT, "needs vsock");
        Assert.SkipWhen(socket.Ok, "this machine's hypervisor carries datagrams");
        Assert.True(
            socket.Errno is Errno.EOPNOTSUPP or Errno.ENODEV or Errno.ESOCKTNOSUPPORT or Errno.EADDRNOTAVAIL,
            socket.Errno.ToString()
        );
    }
}
