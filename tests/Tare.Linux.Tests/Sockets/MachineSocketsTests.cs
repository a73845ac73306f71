using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MachineSocketsTests
{
    [Fact]
    public void A_machine_talks_to_itself()
    {
        uint port = 0x5000_0000 + (uint)Environment.ProcessId;
        SysResult<SocketFd> listening = MachineSockets.Listen(port, MachineSockets.Local);
        Assert.SkipWhen(
            listening.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL,
            $"needs vsock with a loopback (modprobe vsock_loopback): {listening.Errno}"
        );
        using SocketFd listener = listening.OrThrow("listen");
        Assert.Equal(Errno.EADDRINUSE, MachineSockets.Listen(port, MachineSockets.Local).Errno);
        SysResult<SocketFd> connecting = MachineSockets.Connect(MachineSockets.Local, port);
        Assert.SkipWhen(connecting.Errno == Errno.ENODEV, "needs vsock with a loopback (modprobe vsock_loopback)");
        using SocketFd client = connecting.OrThrow("connect");
        using SocketFd server = UnixSockets.Accept(listener).OrThrow("accept4");
        Files.WriteAll(client, "hello"u8).OrThrow("write");
        byte[] buffer = new byte[10];
        Assert.Equal(5, Files.Read(server, buffer).OrThrow("read"));
    }
}
