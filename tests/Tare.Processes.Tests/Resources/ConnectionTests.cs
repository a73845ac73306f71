using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Resources;

public sealed class ConnectionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", 0, true)]
    [InlineData("127.0.0.1", 1, false)]
    [InlineData("127.1.0.0", 0, false)]
    [InlineData("::ffff:127.0.0.1", 0, true)]
    [InlineData("::1", 0, false)]
    public async Task Only_given_addresses_are_connected_to(string address, int further, bool allowed)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using ControlGroup group = Filtered(NetworkTarget.At(IPAddress.Loopback, port));

        Errno result = await AskAsync(group, "SOCK_STREAM", address, port + further);

        Assert.True(allowed ? result == Errno.None : result == Errno.EPERM, result.ToString());
    }

    [Theory]
    [InlineData("127.9.8.7", true)]
    [InlineData("128.0.0.1", false)]
    [InlineData("fd00:1234:5678::1", true)]
    [InlineData("fd00:1234:5679::1", false)]
    public async Task Datagrams_go_to_given_networks_only(string address, bool allowed)
    {
        Assert.SkipWhen(
            address.Contains(':', StringComparison.Ordinal) && !File.Exists("/proc/net/if_inet6"),
            "needs IPv6"
        );
        using ControlGroup group = Filtered(
            new(IPNetwork.Parse("127.0.0.0/8")),
            new(IPNetwork.Parse("fd00:1234:5678::/47")),
            new(IPNetwork.Parse("fd00:1234:5678::/48"))
        );
        bool second = address.Contains("5679", StringComparison.Ordinal);
        if (second)
        {
            group.AllowConnections(new NetworkTarget(IPNetwork.Parse("fd00:1234:5678::/48")));
        }

        Errno result = await AskAsync(group, "SOCK_DGRAM", address, 9);

        Assert.True(allowed ? result != Errno.EPERM : result == Errno.EPERM, result.ToString());
    }

    [Fact]
    public async Task Nowhere_is_nowhere_and_datagrams_without_a_connection_too()
    {
        using ControlGroup group = Filtered();
        Assert.Equal(Errno.EPERM, await AskAsync(group, "SOCK_DGRAM", "127.0.0.1", 9, send: true));
        Assert.Throws<ArgumentException>(() => group.AllowConnections(NetworkTarget.At(IPAddress.Loopback, 0)));
    }

    [Fact]
    public async Task A_sandbox_connects_to_what_it_may()
    {
        using ControlGroup probe = Filtered();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        SandboxOptions options = new()
        {
            Network = SandboxNetwork.Host,
            Connections = [NetworkTarget.At(IPAddress.Loopback, port)],
        };

        SandboxResult may = await Sandbox.RunAsync(
            "perl",
            Words("SOCK_STREAM", "127.0.0.1", port, false),
            options,
            Cancelled
        );
        SandboxResult mayNot = await Sandbox.RunAsync(
            "perl",
            Words("SOCK_STREAM", "127.0.0.1", 1, false),
            options,
            Cancelled
        );

        Assert.Equal((0, (int)Errno.EPERM), (may.ExitStatus.ExitCode, mayNot.ExitStatus.ExitCode));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Sandbox.RunAsync("true", [], options with { Network = SandboxNetwork.None }, Cancelled)
        );
    }

    [Fact]
    public async Task Programs_of_a_group_are_told_and_no_others()
    {
        Require.Root();
        using ControlGroup group = ControlGroup.Create();
        Assert.SkipWhen(group.Type is null, "needs cgroup v2");
        IAsyncEnumerable<ProgramStart> starts;
        try
        {
            starts = group.WatchProgramsAsync(Cancelled);
        }
        catch (KernelException refused) when (refused.Errno is Errno.EPERM or Errno.ENOENT or Errno.ENOSYS)
        {
            Assert.Skip(refused.Message);
            return;
        }

        await using IAsyncEnumerator<ProgramStart> told = starts.GetAsyncEnumerator(Cancelled);
        await ChildProcess.RunAsync(new("/bin/echo") { StandardOutput = ChildStream.Null }, Cancelled);
        await using ChildProcess child = ChildProcess.Start(
            new("/bin/sh", "-c", "/bin/true; exec /bin/sleep 0") { ControlGroup = group }
        );
        await child.WaitForExitAsync(Cancelled);

        List<ProgramStart> all = [];
        while (all.Count < 3 && await told.MoveNextAsync())
        {
            all.Add(told.Current);
        }

        Assert.Equal(["/bin/sh", "/bin/true", "/bin/sleep"], all.Select(start => start.FileName));
        Assert.Equal(all[0].ProcessId, all[2].ProcessId);
        Assert.NotEqual(all[0].ProcessId, all[1].ProcessId);
        Assert.Equal(0u, all[0].UserId);
    }

    private static ControlGroup Filtered(params NetworkTarget[] targets)
    {
        Require.Root();
        Require.Program("perl");
        ControlGroup group = ControlGroup.Create();
        try
        {
            Assert.SkipWhen(group.Type is null, "needs cgroup v2");
            group.AllowConnections(targets);
            return group;
        }
        catch (KernelException refused) when (refused.Errno is Errno.ENOSYS or Errno.EPERM)
        {
            group.Dispose();
            Assert.Skip(refused.Message);
            throw;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    private static async Task<Errno> AskAsync(
        ControlGroup group,
        string kind,
        string address,
        int port,
        bool send = false
    )
    {
        ProcessExit exit = await ChildProcess.RunAsync(
            new("perl", Words(kind, address, port, send)) { ControlGroup = group },
            Cancelled
        );
        return (Errno)exit.ExitCode!;
    }

    // Ends with the errno.
    private static string[] Words(string kind, string address, int port, bool send)
    {
        bool six = address.Contains(':', StringComparison.Ordinal);
        string family = six ? "6" : "";
        string packed = string.Create(
            CultureInfo.InvariantCulture,
            $"sockaddr_in{family}({port}, inet_pton(AF_INET{family}, \"{address}\"))"
        );
        string made = $"socket(S, AF_INET{family}, {kind}, 0) or exit($!+0);";
        string call = send ? $"send(S, \"x\", 0, {packed})" : $"connect(S, {packed})";
        return ["-e", $"use Socket qw(:DEFAULT inet_pton sockaddr_in6); {made} {call} and exit(0); exit($!+0)"];
    }
}
