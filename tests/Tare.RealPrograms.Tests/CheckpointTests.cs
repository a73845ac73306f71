using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tare.Fixtures;

namespace Tare.RealPrograms.Tests;

/// <summary>A server is saved and restored while somebody is connected to it.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void A_client_of_redis_does_not_notice_that_it_was_saved_and_restored()
    {
        Criu.Require();
        using OciContainer redis = Serve(out int port);
        using TcpClient client = Connect(port);
        Assert.Equal("+OK\r\n", Ask(client, "SET counter 41\r\n"));

        redis.CommandWith("checkpoint", "--tcp-established", "--image-path", _folder.At("images")).ShouldSucceed();
        Send(client, "INCR counter\r\n");
        Restore(redis);

        Assert.Equal(":42\r\n", Receive(client));
        Assert.Equal("$2\r\n42\r\n", Ask(client, "GET counter\r\n"));
        Assert.Equal("running", (string?)redis.State["status"]);
        using TcpClient another = Connect(port);
        Assert.Equal("$2\r\n42\r\n", Ask(another, "GET counter\r\n"));
    }

    [Fact]
    public void An_open_connection_is_an_error_unless_it_is_to_be_kept()
    {
        Criu.Require();
        using OciContainer redis = Serve(out int port);
        using TcpClient client = Connect(port);
        Assert.Equal("+OK\r\n", Ask(client, "SET counter 41\r\n"));

        ToolResult failed = redis.CommandWith("checkpoint", "--image-path", _folder.At("images")).ShouldExitWith(1);

        Assert.Contains("tcp-established", failed.Errors, StringComparison.Ordinal);
        Assert.Equal(":42\r\n", Ask(client, "INCR counter\r\n"));
    }

    [Fact]
    public void Redis_with_a_hundred_thousand_keys_is_restored_with_all_of_them()
    {
        Criu.Require();
        using OciContainer redis = Serve(out int port);
        string cli = $"redis-cli -p {port.ToString(CultureInfo.InvariantCulture)}";
        redis.Execute("sh", "-c", $"seq 1 100000 | sed 's/.*/SET key& value&/' | {cli} --pipe").ShouldSucceed();

        redis.CommandWith("checkpoint", "--image-path", _folder.At("images")).ShouldSucceed();
        Restore(redis);

        Assert.Equal(["100000"], redis.Execute("sh", "-c", $"{cli} dbsize").ShouldSucceed().Lines);
        Assert.Equal(["value77777"], redis.Execute("sh", "-c", $"{cli} get key77777").ShouldSucceed().Lines);
    }

    public void Dispose() => _folder.Dispose();

    // In the machine's own network, where its clients are.
    private static OciContainer Serve(out int port)
    {
        port = FreePort();
        return new OciContainer(
            [
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                port.ToString(CultureInfo.InvariantCulture),
                "--dir",
                "/tmp",
                "--save",
                "",
                "--daemonize",
                "no",
            ],
            "Ready to accept connections",
            config =>
            {
                System.Text.Json.Nodes.JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
                namespaces.Remove(namespaces.Single(entry => (string?)entry!["type"] == "network"));
            }
        );
    }

    private void Restore(OciContainer container)
    {
        RunningTool restore = Tool.Start(
            OciContainer.Runtime,
            "restore",
            "--detach",
            "--tcp-established",
            "--image-path",
            _folder.At("images"),
            "--bundle",
            container.BundlePath,
            container.Id
        );
        int status = restore.WaitForExit();
        Assert.True(status == 0, $"restore exited with {status}:\n{restore.Errors}");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static TcpClient Connect(int port) => new("127.0.0.1", port) { ReceiveTimeout = 60_000 };

    private static string Ask(TcpClient client, string question)
    {
        Send(client, question);
        return Receive(client);
    }

    private static void Send(TcpClient client, string text) => client.GetStream().Write(Encoding.ASCII.GetBytes(text));

    private static string Receive(TcpClient client)
    {
        byte[] buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, client.GetStream().Read(buffer));
    }
}
