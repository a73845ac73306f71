using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>Servers that a program could have do what it may not do itself, each an address in the file system away.</summary>
public sealed class SandboxSocketTests
{
    // Every way to an address; the last words hide a family or a type in a register of which the kernel takes a part only.
    private const string Script = """
        import ctypes, os, socket as s, sys
        stream, datagram = sys.argv[1], sys.argv[2]
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        def attempt(name, action):
            try:
                action()
                print(name, "reached")
            except OSError as e:
                print(name, e.errno)
        def raw(call, family, kind):
            made = (ctypes.c_int * 2)()
            where = [ctypes.byref(made)] if call == 53 else []
            number = libc.syscall(ctypes.c_long(call), ctypes.c_long(family), ctypes.c_long(kind), ctypes.c_long(0), *where)
            if number < 0:
                raise OSError(ctypes.get_errno(), "")
            return s.socket(fileno=made[0] if call == 53 else number)
        def connect(x, path):
            x.connect(path)
            x.send(b"x")
        high = 1 << 32
        attempt("connect", lambda: connect(s.socket(s.AF_UNIX), stream))
        attempt("seqpacket", lambda: connect(s.socket(s.AF_UNIX, s.SOCK_SEQPACKET), stream + ".seq"))
        attempt("datagram", lambda: connect(s.socket(s.AF_UNIX, s.SOCK_DGRAM), datagram))
        attempt("sendto", lambda: s.socket(s.AF_UNIX, s.SOCK_DGRAM).sendto(b"x", datagram))
        attempt("raw", lambda: s.socket(s.AF_UNIX, s.SOCK_RAW).sendto(b"x", datagram))
        attempt("sendmsg", lambda: s.socketpair(s.AF_UNIX, s.SOCK_DGRAM)[0].sendmsg([b"x"], [], 0, datagram))
        attempt("raw pair", lambda: s.socketpair(s.AF_UNIX, s.SOCK_RAW)[0].sendto(b"x", datagram))
        attempt("hidden family", lambda: connect(raw(41, 1 | high, 1), stream))
        attempt("hidden type", lambda: raw(41, 1, 2 | high | s.SOCK_CLOEXEC).sendto(b"x", datagram))
        attempt("hidden pair", lambda: raw(53, 1 | high, 2 | high).sendto(b"x", datagram))
        a, b = s.socketpair()
        a.send(b"pair")
        print(b.recv(4).decode())
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxNetwork.None, false)]
    [InlineData(SandboxNetwork.Host, false)]
    [InlineData(SandboxNetwork.None, true)]
    [InlineData(SandboxNetwork.Host, true)]
    public async Task Without_namespaces_no_way_leads_to_a_server_of_the_machine(SandboxNetwork network, bool anyCall)
    {
        Require.Root();
        using Servers servers = new();

        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            ["-c", Script, servers.Stream, servers.Datagram],
            new()
            {
                Level = SandboxLevel.Process,
                Network = network,
                User = new ProcessCredentials(0, 0),
                ReadOnly = [servers.Directory],
                SystemCalls = anyCall ? new SeccompProfile(SeccompAnswer.Allow) : null,
            },
            Cancelled
        );

        Assert.Equal("", result.StandardError);
        string[] lines = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, lines.Length);
        Assert.All(lines[..^1], line => Assert.EndsWith(" 13", line, StringComparison.Ordinal));
        Assert.Equal("pair", lines[^1]);
        Assert.False(servers.WereReached);
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task With_the_machines_network_its_abstract_sockets_are_out_of_reach(SandboxLevel level)
    {
        Require.Root();
        Assert.SkipWhen(LandlockPolicy.KernelAbi < 6, "needs Landlock's ABI 6");
        string name = $"tare-test-{Environment.ProcessId}-{level}";
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
        server.Listen();

        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            ["-c", $"import socket; socket.socket(socket.AF_UNIX).connect(chr(0) + '{name}')"],
            new() { Level = level, Network = SandboxNetwork.Host },
            Cancelled
        );

        Assert.Contains("PermissionError", result.StandardError, StringComparison.Ordinal);
        Assert.False(server.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task The_script_that_finds_no_way_finds_all_where_nothing_is_in_it()
    {
        using Servers servers = new();

        ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
            new(Require.Program("python3"), "-c", Script, servers.Stream, servers.Datagram),
            cancellationToken: Cancelled
        );

        string[] lines = output.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, lines.Length);
        Assert.All(lines[..^1], line => Assert.EndsWith(" reached", line, StringComparison.Ordinal));
        Assert.True(servers.WereReached);
    }

    // One for each way.
    private sealed class Servers : IDisposable
    {
        private readonly TemporaryDirectory _directory = new();
        private readonly Socket[] _sockets;

        public Servers()
        {
            Assert.SkipUnless(
                RuntimeInformation.ProcessArchitecture == Architecture.X64,
                "the script has the numbers of x64"
            );
            _sockets =
            [
                Bind(SocketType.Stream, Stream),
                Bind(SocketType.Seqpacket, $"{Stream}.seq"),
                Bind(SocketType.Dgram, Datagram),
            ];
            _sockets[0].Listen();
            _sockets[1].Listen();
        }

        public string Directory => _directory.Path;

        public string Stream => _directory.At("stream");

        public string Datagram => _directory.At("datagram");

        public bool WereReached => _sockets.Any(socket => socket.Poll(0, SelectMode.SelectRead));

        public void Dispose()
        {
            foreach (Socket socket in _sockets)
            {
                socket.Dispose();
            }

            _directory.Dispose();
        }

        private static Socket Bind(SocketType type, string path)
        {
            Socket socket = new(AddressFamily.Unix, type, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            return socket;
        }
    }
}
