using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>Sandboxes made by a user without any privilege; the probe is started as one.</summary>
public sealed class OrdinaryUserTests
{
    private const uint Nobody = 65534;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Process", "once")]
    [InlineData("Process", "pooled")]
    [InlineData("Container", "once")]
    [InlineData("Container", "pooled")]
    public async Task Walls_stand_without_privileges(string level, string way)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string mine = Path.Combine(folder.Path, "mine");
        Directory.CreateDirectory(mine);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(mine, (UnixFileMode)0x1FF);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "other"), "secret", Cancelled);

        string output = await ProbeAsync(
            level,
            way,
            mine,
            "sh",
            "-c",
            $"echo written > {mine}/file; cat {mine}/file; cat {folder.Path}/other; echo x > $TMPDIR/x && cat $TMPDIR/x; head -c 0 /dev/urandom; echo done"
        );

        Assert.Contains($"level={level} end=Exited exit=exit code 0 user={Nobody}", output, StringComparison.Ordinal);
        Assert.Contains("nnp=True filters=1", output, StringComparison.Ordinal);
        Assert.EndsWith("written\nx\ndone\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(mine, "file")));
    }

    [Theory]
    [InlineData("Container", "0:0", "0 0 0\n")]
    [InlineData("Container", "65534:65534", "65534 65534 65534\n")]
    [InlineData("Container", "1234:2345", "1234 2345 2345\n")]
    [InlineData("Process", "65534:65534", "65534 65534 65534\n")]
    [InlineData("Process", "1234:2345", "missing=user: be another user '1234:2345': EPERM")]
    [InlineData("Container", "1234:2345:7", "failed=map supplementary groups for user '65534': EPERM")]
    public async Task An_ordinary_user_gives_the_program_what_the_user_namespace_can_map(
        string level,
        string user,
        string expected
    )
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1FF);

        string output = await ProbeAsync(
            level,
            $"once:{user}",
            folder.Path,
            "sh",
            "-c",
            $"echo $(id -u) $(id -g) $(id -G | cut -d' ' -f1) > {folder.Path}/ids; cat {folder.Path}/ids"
        );

        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    // The probe's user may make no cgroup, and at this level there is no namespace.
    [Theory]
    [InlineData("once")]
    [InlineData("pooled")]
    public async Task A_program_without_cgroup_and_namespace_leaves_nothing_that_daemonised(string way)
    {
        Require.Root();
        string mark = $"{90_000_000 + Random.Shared.Next(1_000_000)}";
        using TemporaryDirectory folder = new();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1FF);

        // Twice forked, in a session of its own, without pipes; one more that makes others all the time.
        string output = await ProbeAsync(
            "Process",
            way,
            folder.Path,
            "sh",
            "-c",
            $"(setsid sh -c 'exec >/dev/null 2>&1 </dev/null; sleep {mark} & sleep {mark}' &); "
                + $"(setsid sh -c 'exec >/dev/null 2>&1 </dev/null; while :; do sleep {mark} & kill $!; wait $!; done' &); "
                + $"while test $(pgrep -cf '^sleep {mark}') -lt 2; do :; done; echo left"
        );

        Assert.Contains("end=Exited exit=exit code 0", output, StringComparison.Ordinal);
        Assert.EndsWith("left\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("missing=tree", output, StringComparison.Ordinal);
        await UntilAsync(() => CountOf(mark) == 0);
    }

    [Fact]
    public async Task A_program_without_cgroup_and_namespace_ends_with_all_it_started_when_its_starter_is_killed()
    {
        Require.Root();
        string mark = $"{91_000_000 + Random.Shared.Next(1_000_000)}";
        using TemporaryDirectory folder = new();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1FF);
        await using ChildProcess probe = Start(
            "Process",
            "once",
            folder.Path,
            "sh",
            "-c",
            $"(setsid sleep {mark} &); sleep {mark}"
        );
        await UntilAsync(() => CountOf(mark) >= 2);

        probe.Kill();
        await probe.WaitForExitAsync(Cancelled);

        await UntilAsync(() => CountOf(mark) == 0);

        // As the next program would.
        SandboxDirectory.SweepOnce();
    }

    private static int CountOf(string mark) =>
        Directory
            .EnumerateDirectories("/proc")
            .Count(process =>
            {
                try
                {
                    return File.ReadAllText($"{process}/cmdline").Contains(mark, StringComparison.Ordinal)
                        && File.ReadAllText($"{process}/stat").Contains("(sleep)", StringComparison.Ordinal);
                }
                catch (IOException)
                {
                    return false;
                }
            });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }

    private static ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start(
            new(Probe.Path, ["sandbox", .. arguments])
            {
                Credentials = new ProcessCredentials(Nobody, Nobody),
                StandardOutput = ChildStream.Pipe,
                WorkingDirectory = "/",
            }
        );

    private static async Task<string> ProbeAsync(params string[] arguments)
    {
        await using ChildProcess probe = Start(arguments);
        using StreamReader reader = new(probe.StandardOutput!);
        string output = await reader.ReadToEndAsync(Cancelled);
        await probe.WaitForExitAsync(Cancelled);
        return output;
    }
}
