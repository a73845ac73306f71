using Tare.Fixtures;

namespace Tare.RealPrograms.Tests;

public sealed class RedisTests
{
    private const string TenThousandWrites = "seq 1 10000 | sed 's/.*/SET key& value&/' | redis-cli --pipe";

    [Fact]
    public void Redis_takes_ten_thousand_writes()
    {
        using OciContainer redis = Serve();

        ToolResult writes = redis.Execute("sh", "-c", TenThousandWrites).ShouldSucceed();

        Assert.Contains("errors: 0, replies: 10000", writes.Output, StringComparison.Ordinal);
        Assert.Equal(["10000"], redis.Execute("redis-cli", "dbsize").ShouldSucceed().Lines);
        Assert.Equal(["value7777"], redis.Execute("redis-cli", "get", "key7777").ShouldSucceed().Lines);
    }

    [Fact]
    public void Redis_survives_pause_and_resume_and_answers_what_was_asked_meanwhile()
    {
        using OciContainer redis = Serve();
        redis.Execute("sh", "-c", TenThousandWrites).ShouldSucceed();
        using OciContainer client = new(
            ["sh", "-c", "echo ready; read line; redis-cli get key9999"],
            "ready",
            config => OciContainer.JoinNetworkOf(config, redis)
        );

        redis.Command("pause").ShouldSucceed();
        Assert.Equal("paused", (string?)redis.State["status"]);
        client.Running.Input.Write("ask\n");
        redis.Command("resume").ShouldSucceed();

        Assert.Equal("running", (string?)redis.State["status"]);
        Assert.Equal(["ready", "value9999"], client.Running.Wait().ShouldSucceed().Lines);
        Assert.Equal(["10000"], redis.Execute("redis-cli", "dbsize").ShouldSucceed().Lines);
    }

    private static OciContainer Serve() =>
        new(
            ["redis-server", "--bind", "127.0.0.1", "--dir", "/tmp", "--save", "", "--daemonize", "no"],
            "Ready to accept connections"
        );
}
