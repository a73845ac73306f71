using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>Options that are used again: each start has its own cgroup, files and rules all the same.</summary>
public sealed class SandboxPlansTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_start_is_limited_and_reads_what_is_there_then()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        SandboxOptions options = new() { ReadOnly = [folder.Path], Memory = 100 << 20 };
        for (int round = 0; round < 5; round++)
        {
            folder.Write("file", $"{round}");

            SandboxResult result = await Sandbox.RunAsync(
                "sh",
                ["-c", "cat \"$0\"/file", folder.Path],
                options,
                Cancelled
            );

            Assert.Equal($"{round}", result.StandardOutput);
            Assert.Contains(result.Held.CgroupLimits.Values, limit => limit == $"{100 << 20}");
        }
    }

    [Fact]
    public async Task What_the_options_come_to_is_looked_at_each_time()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string link = folder.At("link");
        SandboxOptions options = new() { ReadOnly = [link] };
        foreach (string name in (string[])["a", "a", "a", "b", "b", "a"])
        {
            Directory.CreateDirectory(folder.At(name));
            folder.Write($"{name}/name", name);
            File.Delete(link);
            File.CreateSymbolicLink(link, folder.At(name));

            SandboxResult result = await Sandbox.RunAsync("cat", [$"{link}/name"], options, Cancelled);

            Assert.Equal((name, ""), (result.StandardOutput, result.StandardError));
        }
    }

    [Fact]
    public async Task Programs_and_arguments_are_those_of_the_call()
    {
        Require.Root();
        SandboxOptions options = new();
        foreach (string word in (string[])["a", "a", "a", "b", "b", "b", "a"])
        {
            Assert.Equal(word, (await Sandbox.RunAsync("printf", [word], options, Cancelled)).StandardOutput);
        }

        Assert.Equal("a\n", (await Sandbox.RunAsync("echo", ["a"], options, Cancelled)).StandardOutput);
    }

    [Fact]
    public async Task Many_at_a_time_do_not_get_into_each_others_way()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        folder.Write("file", "content");
        SandboxOptions options = new() { ReadOnly = [folder.Path], Processes = 8 };

        SandboxResult[] results = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ =>
                    Task.Run(
                        () =>
                            Sandbox.RunAsync("sh", ["-c", "cat \"$0\"/file; echo $$", folder.Path], options, Cancelled),
                        Cancelled
                    )
                )
        );

        Assert.All(
            results,
            result => Assert.Equal(("content2\n", SandboxEnd.Exited), (result.StandardOutput, result.End))
        );
    }

    [Fact]
    public async Task A_start_that_fails_leaves_the_next_as_it_was()
    {
        Require.Root();
        SandboxOptions options = new();
        for (int round = 0; round < 3; round++)
        {
            ProcessStartException refused = await Assert.ThrowsAsync<ProcessStartException>(() =>
                Sandbox.RunAsync("/nowhere", [], options, Cancelled)
            );
            Assert.Equal(Errno.ENOENT, refused.Errno);
            Assert.Equal("x", (await Sandbox.RunAsync("printf", ["x"], options, Cancelled)).StandardOutput);
        }
    }
}
