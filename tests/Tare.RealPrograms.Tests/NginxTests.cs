using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.RealPrograms.Tests;

public sealed class NginxTests : IDisposable
{
    private const int WwwData = 33;

    private const string Configuration = """
        daemon off;
        pid /tmp/nginx.pid;
        error_log stderr notice;
        events {}
        http {
            access_log off;
            client_body_temp_path /tmp/body;
            proxy_temp_path /tmp/proxy;
            fastcgi_temp_path /tmp/fastcgi;
            uwsgi_temp_path /tmp/uwsgi;
            scgi_temp_path /tmp/scgi;
            server {
                listen 127.0.0.1:80;
                root /srv;
            }
        }
        """;

    private const string Fetch = """
        import hashlib, sys, urllib.request
        print(hashlib.sha256(urllib.request.urlopen("http://127.0.0.1/" + sys.argv[1]).read()).hexdigest())
        """;

    private readonly TemporaryDirectory _site = new();

    [Fact]
    public void Nginx_serves_files_over_loopback_to_a_program_that_entered_its_container()
    {
        using OciContainer nginx = Serve();

        string[] fetched = nginx.Execute("python3", "-c", Fetch, "large").ShouldSucceed().Lines;

        Assert.Equal([Large], fetched);
    }

    [Fact]
    public void Nginx_serves_files_over_loopback_to_a_container_that_joined_its_network_namespace()
    {
        using OciContainer nginx = Serve();

        ToolResult client = OciContainer.Run(
            ["python3", "-c", Fetch, "large"],
            config => OciContainer.JoinNetworkOf(config, nginx)
        );

        Assert.Equal([Large], client.ShouldSucceed().Lines);
    }

    [Fact]
    public void Nobody_outside_of_the_network_namespace_reaches_nginx()
    {
        using OciContainer nginx = Serve();

        ToolResult stranger = OciContainer.Run(["python3", "-c", Fetch, "large"]);

        Assert.NotEqual(0, stranger.ExitCode);
        Assert.Contains("Connection refused", stranger.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_ends_in_order_when_the_runtime_sends_it_a_signal()
    {
        using OciContainer nginx = Serve();

        nginx.Command("kill", "QUIT").ShouldSucceed();

        nginx.Running.Wait().ShouldSucceed();
    }

    public void Dispose() => _site.Dispose();

    private string Large => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_site.At("large"))));

    private OciContainer Serve()
    {
        byte[] content = new byte[5 << 20];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_site.At("large"), content);
        string configuration = _site.Write("nginx.conf", Configuration);
        return new OciContainer(
            ["nginx", "-e", "stderr"],
            "start worker process ",
            config =>
            {
                JsonNode capabilities = config["process"]!["capabilities"]!;
                capabilities["inheritable"] = new JsonArray("CAP_NET_BIND_SERVICE");
                capabilities["ambient"] = new JsonArray("CAP_NET_BIND_SERVICE");
                config["process"]!["user"] = new JsonObject { ["uid"] = WwwData, ["gid"] = WwwData };
                ConfigMounts.Add(config, "/srv", "bind", _site.Path, "bind", "ro");
                ConfigMounts.Add(config, "/etc/nginx/nginx.conf", "bind", configuration, "bind", "ro");
            }
        );
    }
}
