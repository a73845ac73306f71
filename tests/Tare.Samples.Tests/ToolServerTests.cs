using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tare.Fixtures;

namespace Tare.Samples.Tests;

/// <summary>One server, many questions at once, as an agent's tools ask them.</summary>
public sealed class ToolServerTests : IDisposable
{
    private const string Listening = "listening on ";

    private readonly RunningTool _server;
    private readonly HttpClient _client;

    public ToolServerTests()
    {
        _server = Tool.Start(Sample.Program("ToolServer"));
        _server.WaitForText(Listening);
        _client = new HttpClient { BaseAddress = new Uri(_server.Output.Split('\n')[0][Listening.Length..]) };
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_snippet_runs_with_its_input_and_its_output_comes_back()
    {
        Require.Program("python3");

        JsonElement result = await AskAsync(
            new
            {
                language = "python",
                code = "import sys; print(sys.stdin.read().upper()); sys.exit(4)",
                input = "words",
            }
        );

        Assert.Equal("exited", Text(result, "end"));
        Assert.Equal(4, result.GetProperty("exitCode").GetInt32());
        Assert.Equal("WORDS\n", Text(result, "output"));
    }

    [Fact]
    public async Task A_snippet_sees_no_network_and_writes_nothing_outside()
    {
        Require.Root();
        using TemporaryDirectory folder = new();

        JsonElement result = await AskAsync(
            new
            {
                language = "sh",
                code = $"echo x > {folder.At("planted")}; echo y > /usr/planted; ls /sys/class/net /proc/net/route; id -u; echo z > /tmp/own && cat /tmp/own",
            }
        );

        Assert.Equal("container", Text(result, "level"));
        Assert.EndsWith("z\n", Text(result, "output"), StringComparison.Ordinal);
        Assert.DoesNotContain("eth", Text(result, "output"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.False(File.Exists("/usr/planted"));
    }

    [Theory]
    [InlineData("while :; do :; done", "timeExceeded")]
    [InlineData("trap '' TERM; sleep 1000 & wait", "timeExceeded")]
    public async Task What_does_not_end_is_ended(string code, string end)
    {
        JsonElement result = await AskAsync(
            new
            {
                language = "sh",
                code,
                seconds = 0.5,
            }
        );

        Assert.Equal(end, Text(result, "end"));
        Assert.Equal("SIGKILL", Text(result, "signal"));
    }

    [Fact]
    public async Task A_flood_is_cut_and_counted()
    {
        JsonElement result = await AskAsync(new { language = "sh", code = "head -c 1000000 /dev/zero" });

        Assert.Equal(1 << 16, Text(result, "output")!.Length);
        Assert.Equal(1000000 - (1 << 16), result.GetProperty("droppedBytes").GetInt64());
    }

    [Fact]
    public async Task Many_at_a_time_do_not_see_each_other()
    {
        JsonElement[] results = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    AskAsync(
                        new
                        {
                            language = "sh",
                            code = $"ls /tmp; echo {i} > /tmp/mine; cat /tmp/mine",
                            seconds = 30,
                        }
                    )
                )
        );

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}\n"), results.Select(result => Text(result, "output")));
    }

    [Theory]
    [InlineData("perl", "print 1", 1)]
    [InlineData("sh", "true", 1000)]
    [InlineData("sh", "true\0", 1)]
    public async Task What_cannot_be_is_refused(string language, string code, double seconds)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(
            "/run",
            new
            {
                language,
                code,
                seconds,
            },
            Cancelled
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty(
            (await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("message").GetString()!
        );
    }

    [Fact]
    public void It_listens_for_this_machine_only() => Assert.True(_client.BaseAddress!.IsLoopback);

    private static string? Text(JsonElement result, string name) => result.GetProperty(name).GetString();

    private async Task<JsonElement> AskAsync(object snippet)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync("/run", snippet, Cancelled);
        string answer = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}\n{_server.Errors}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }
}
