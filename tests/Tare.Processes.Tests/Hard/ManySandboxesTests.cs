using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Hard;

/// <summary>Many sandboxes at once with programs that do not do what one would like, and what is left of them: nothing.</summary>
[Collection(nameof(ManyProcessesTests))]
public sealed class ManySandboxesTests
{
    private const int Count = 96;
    private const int AtOnce = 8;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // What each does, and how it must end.
    private static readonly (string Script, SandboxOptions Options, SandboxEnd End)[] Programs =
    [
        ("exit 0", new(), SandboxEnd.Exited),
        ("(setsid sleep 1000 &); setsid sleep 1000 & exit 0", new(), SandboxEnd.Exited),
        (
            "trap '' TERM INT HUP; sleep 1000 & wait",
            new() { Time = TimeSpan.FromSeconds(0.3) },
            SandboxEnd.TimeExceeded
        ),
        ("kill -STOP $$; sleep 1000", new() { Time = TimeSpan.FromSeconds(0.3) }, SandboxEnd.TimeExceeded),
        ("(yes >&2 &); yes", new() { Output = 4096, EndAtOutputLimit = true }, SandboxEnd.OutputExceeded),
        ("x=0123456789abcdef; while :; do x=$x$x; done", new() { Memory = 24 << 20 }, SandboxEnd.MemoryExceeded),
        // A shell that cannot fork ends by itself: the first one has forked once before the bomb goes off.
        (
            "sh -c 'b() { b | b & }; b' & exec sleep 1000",
            new() { Time = TimeSpan.FromSeconds(0.3) },
            SandboxEnd.TimeExceeded
        ),
        ("exec >&- 2>&-; sleep 1000", new() { Time = TimeSpan.FromSeconds(0.3) }, SandboxEnd.TimeExceeded),
    ];

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Nothing_is_left_of_many(SandboxLevel level)
    {
        Require.Root();

        // What is made once and kept: the programs beside the sandboxed one, the reactor.
        await Sandbox.RunAsync("true", [], new() { Level = level }, Cancelled);
        await UntilAsync(() => Children() == 0);
        List<string> before = Left();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancelled },
            async (i, cancelled) =>
            {
                (string script, SandboxOptions options, SandboxEnd end) = Programs[i % Programs.Length];
                SandboxResult result = await Sandbox.RunAsync(
                    "sh",
                    ["-c", script],
                    options with
                    {
                        Level = level,
                    },
                    cancelled
                );
                Assert.True(end == result.End, $"'{script}' ended as {result.End}, {result.ExitStatus}");
            }
        );

        // What others never disposed may be finalised meanwhile.
        await UntilAsync(() => Children() == 0 && Left().TrueForAll(new List<string>(before).Remove));
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_sandboxed_program_that_a_debugger_holds_is_killed(SandboxLevel level)
    {
        string debugger = Require.Program("gdb");
        Require.Root();
        await using SandboxedProcess sandboxed = Sandbox.Start("sleep", ["1000"], new() { Level = level });

        // It stops the program and then waits for words that do not come.
        await using ChildProcess tracer = ChildProcess.Start(
            new(debugger, "-q", "-nx", "-p", sandboxed.Process.ProcessId.ToString())
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Null,
                StandardError = ChildStream.Null,
                KeepDescendants = true,
            }
        );
        await UntilAsync(() =>
            tracer.HasExited || ProcStat.Read(sandboxed.Process.ProcessId) is { Ok: true, Value.State: 't' }
        );
        Assert.False(tracer.HasExited, "the debugger could not attach");

        sandboxed.Kill();

        // Until it has let go the kernel tells nobody else of the end.
        tracer.KillTree();
        Assert.Equal(Signal.SIGKILL, (await sandboxed.RunAsync(Cancelled)).ExitStatus.Status.Signal);
        await tracer.WaitForExitAsync(Cancelled);
    }

    private static int Children()
    {
        using DirectoryFd self = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        return ProcDirectory.Children(self).OrThrow("list").Count;
    }

    // Descriptors, and cgroups of this process. What is mounted is kept open under the name of the thread that looked last.
    private static List<string> Left()
    {
        using DirectoryFd self = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        IEnumerable<string> files = ProcDirectory
            .FileNumbers(self)
            .OrThrow("list")
            .Select(number => ProcDirectory.Target(self, $"fd/{number}").Value)
            .Where(target =>
                target.Length > 0
                && !target.EndsWith(".dll", StringComparison.Ordinal)
                && !target.EndsWith("/mountinfo", StringComparison.Ordinal)
            );
        IEnumerable<string> groups = Directory
            .EnumerateDirectories("/sys/fs/cgroup", $"tare-*-{Environment.ProcessId}-*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);
        return [.. files.Order(StringComparer.Ordinal).Concat(groups)];
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }
}
