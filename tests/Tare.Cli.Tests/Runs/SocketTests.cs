using System.Net.Sockets;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>
/// Servers of the machine that listen in its file system would do for a program what it may not do itself. In a copy of a
/// directory their sockets are files to which nobody listens.
/// </summary>
public sealed class SocketTests
{
    private const string Connect = """
        import socket, sys, threading
        for path in sys.argv[1:]:
            try:
                socket.socket(socket.AF_UNIX).connect(path)
                print("reached")
            except OSError as e:
                print(e.strerror)
        own = socket.socket(socket.AF_UNIX)
        own.bind("own")
        own.listen()
        socket.socket(socket.AF_UNIX).connect("own")
        print("own")
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_of_the_machine_is_out_of_reach_of_root_but_in_what_is_lent(bool lent)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        using Socket server = Listen(folder.At("socket"));
        string[] options = lent ? ["--read-write", "."] : [];

        ToolResult result = TareProgram.Run(
            new ToolOptions { WorkingDirectory = folder.Path },
            [.. options, "--", Require.Program("python3"), "-c", Connect, folder.At("socket"), "socket"]
        );

        string outcome = lent ? "reached" : "Connection refused";
        Assert.Equal([outcome, outcome, "own"], result.ShouldSucceed().Lines);
        Assert.Equal(lent, server.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public void A_server_of_the_machine_is_out_of_reach_of_a_user()
    {
        Require.Program("python3");
        using OrdinaryUser user = new();
        using Socket server = Listen(Path.Combine(user.Home, "socket"));
        string runtime = $"/run/tare-test-{Environment.ProcessId}";
        using Socket other = Listen(runtime);
        try
        {
            ToolResult result = user.Call("run", "--", "python3", "-c", Connect, "socket", runtime);

            Assert.Equal(["Connection refused", "No such file or directory", "own"], result.ShouldSucceed().Lines);
            Assert.False(server.Poll(0, SelectMode.SelectRead) || other.Poll(0, SelectMode.SelectRead));
        }
        finally
        {
            File.Delete(runtime);
        }
    }

    private static Socket Listen(string path)
    {
        Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        File.SetUnixFileMode(path, (UnixFileMode)0x1ff);
        return server;
    }
}
