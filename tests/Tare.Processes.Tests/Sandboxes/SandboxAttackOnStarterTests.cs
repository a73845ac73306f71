using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>What a hostile program has of the program that started it, and how it outlives its end.</summary>
public sealed class SandboxAttackOnStarterTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task What_is_left_running_ends_whatever_is_done_to_the_guard(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        string mark = NewMark();
        Dictionary<string, string> said = [];
        string output = await SandboxAttack.OutputOfAsync(
            Starter.User,
            new() { Level = level },
            SandboxAttack.Python,
            "-c",
            SandboxAttack.Script,
            "guards",
            mark
        );

        foreach (string line in output.Split('\n').Where(line => line.Contains(": ", StringComparison.Ordinal)))
        {
            string[] parts = line.Split(": ", 2);
            Assert.True(
                parts[1].StartsWith("held ", StringComparison.Ordinal)
                    || parts[0] == "signal_by_owner"
                    || parts[0].Contains('=', StringComparison.Ordinal),
                line
            );
            said[parts[0]] = parts[1];
        }

        Assert.Equal(level == SandboxLevel.Process, said.ContainsKey("limit_cpu"));
        await UntilGoneAsync(mark);
    }

    [Theory]
    [InlineData(SandboxLevel.Process, true)]
    [InlineData(SandboxLevel.Container, true)]
    [InlineData(SandboxLevel.Container, false)]
    public async Task What_will_not_die_with_its_starter_ends_all_the_same(SandboxLevel level, bool user)
    {
        SandboxAttack.RequireMeans();
        string mark = NewMark();
        await KillStarterAsync(level, user, mark);

        await UntilGoneAsync(mark);
        SandboxDirectory.SweepOnce();
    }

    // Nothing but the cgroup holds it together, which the next one that makes any looks for.
    [Fact]
    public async Task What_outlives_its_starter_in_a_cgroup_is_killed_by_the_next()
    {
        SandboxAttack.RequireMeans();
        string mark = NewMark();
        await KillStarterAsync(SandboxLevel.Process, user: false, mark);

        ControlGroupLeftovers.SweepOnce();

        await UntilGoneAsync(mark);
        SandboxDirectory.SweepOnce();
    }

    [Theory]
    [MemberData(nameof(SandboxAttack.Everybody), MemberType = typeof(SandboxAttack))]
    public async Task Nothing_of_its_starter_gets_in(Starter starter, SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        Environment.SetEnvironmentVariable("TARE_TEST_SECRET", "secret");
        string[] script =
        [
            "import os, resource",
            "def status(name): return [l.split()[1] for l in open('/proc/self/status') if l.startswith(name + ':')][0]",
            "print('descriptors', sorted(int(f) for f in os.listdir('/proc/self/fd'))[:-1])",
            "print('variables', sorted(v for v in os.environ if v not in ('LC_CTYPE',)))",
            "print('signals', int(status('SigBlk'), 16), int(status('SigIgn'), 16) & ~(1 << 12 | 1 << 24))",
            "print('session', os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid())",
            "print('groups', os.getgroups() if os.getuid() else [])",
            "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
            "print('dumps', resource.getrlimit(resource.RLIMIT_CORE))",
        ];

        string said = await SandboxAttack.OutputOfAsync(
            starter,
            new() { Level = level },
            SandboxAttack.Python,
            "-c",
            string.Join('\n', script)
        );

        string[] lines =
        [
            .. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains('=')),
        ];
        Assert.Equal(
            [
                "descriptors [0, 1, 2]",
                "variables ['HOME', 'LANG', 'PATH', 'TMPDIR']",
                "signals 0 0",
                "session True True",
                "groups []",
                "dumps (1, 1)",
            ],
            lines
        );
    }

    [Theory]
    [InlineData("--bounding-set=-sys_admin")]
    [InlineData(
        "--inh-caps=+dac_override,+fowner,+kill,+setuid",
        "--ambient-caps=+dac_override,+fowner,+kill,+setuid",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups"
    )]
    public void Some_of_roots_rights_are_given_up_as_all_are(params string[] rights)
    {
        SandboxAttack.RequireMeans();
        Require.Program("setpriv");
        using TemporaryDirectory folder = new();

        ToolResult result = Tool.Run(
            "setpriv",
            [
                .. rights,
                Probe.Path,
                "sandbox",
                "Process",
                "once",
                folder.Path,
                "grep",
                "^Cap[IPEA]",
                "/proc/self/status",
            ],
            new ToolOptions { WorkingDirectory = "/" }
        );

        string[] sets = [.. result.Lines.Where(line => line.StartsWith("Cap", StringComparison.Ordinal))];
        Assert.Equal(4, sets.Length);
        Assert.All(sets, set => Assert.EndsWith("\t0000000000000000", set, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Process", "once")]
    [InlineData("Container", "once")]
    [InlineData("Container", "pooled")]
    public void It_ignores_and_blocks_no_signal_though_its_starter_does(string level, string way)
    {
        SandboxAttack.RequireMeans();
        using TemporaryDirectory folder = new();

        ToolResult result = Tool.Run(
            "env",
            [
                "--ignore-signal=HUP,INT,USR1",
                "--block-signal=TERM,USR2",
                Probe.Path,
                "sandbox",
                level,
                way,
                folder.Path,
                "grep",
                "-E",
                "^Sig(Blk|Ign)",
                "/proc/self/status",
            ],
            new ToolOptions { WorkingDirectory = "/" }
        );

        Assert.Equal(
            ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"],
            result.Lines.Where(line => line.StartsWith("Sig", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Without_all_of_roots_rights_it_is_still_who_the_options_say()
    {
        SandboxAttack.RequireMeans();
        Require.Program("setpriv");
        using TemporaryDirectory folder = new();

        ToolResult result = Tool.Run(
            "setpriv",
            [
                "--bounding-set=-sys_admin",
                Probe.Path,
                "sandbox",
                "Process",
                "once:1234:2345",
                folder.Path,
                "sh",
                "-c",
                "id -u; id -G; touch $TMPDIR/file; stat -c %u $TMPDIR/file",
            ],
            new ToolOptions { WorkingDirectory = "/" }
        );

        Assert.EndsWith("1234\n2345\n1234\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Process")]
    [InlineData("Container")]
    public void Priorities_that_were_granted_to_its_user_are_not_the_programs(string level)
    {
        SandboxAttack.RequireMeans();
        Require.Program("prlimit");
        using TemporaryDirectory folder = new();
        const string Attempts = """
            import os
            for attempt in (lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)), lambda: os.nice(-1)):
                try:
                    attempt()
                    print("out")
                except PermissionError:
                    print("held")
            """;
        string[] granted =
        [
            "prlimit",
            "--rtprio=50",
            "--nice=40",
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
        ];

        ToolResult outside = Tool.Run(
            granted[0],
            [.. granted[1..], SandboxAttack.Python, "-c", Attempts],
            new ToolOptions { WorkingDirectory = "/" }
        );
        Assert.SkipUnless(outside.ExitCode == 0, "needs CAP_SYS_RESOURCE, to grant priorities");
        ToolResult inside = Tool.Run(
            granted[0],
            [.. granted[1..], Probe.Path, "sandbox", level, "once", folder.Path, SandboxAttack.Python, "-c", Attempts],
            new ToolOptions { WorkingDirectory = "/" }
        );

        Assert.Equal("out\nout\n", outside.Output);
        Assert.EndsWith("held\nheld\n", inside.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Time_is_up_for_what_stands_still(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", "(sleep 1000) & kill -STOP $! $$"],
            new() { Level = level, Time = TimeSpan.FromMilliseconds(300) },
            Cancelled
        );

        Assert.Equal((SandboxEnd.TimeExceeded, Signal.SIGKILL), (result.End, result.ExitStatus.Status.Signal));
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Output_that_is_no_text_is_what_was_written(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        SandboxResult result = await Sandbox.RunAsync(
            "printf",
            [@"a\000\377\303(\033[2J\355\240\200"],
            new() { Level = level },
            Cancelled
        );

        Assert.Equal("6100FFC3281B5B324AEDA080", Convert.ToHexString(result.StandardOutputBytes.Span));
        Assert.StartsWith("a\0\uFFFD\uFFFD(", result.StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_program_that_removes_and_closes_what_it_has_ends_as_others(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        using TemporaryDirectory folder = new();
        Directory.CreateDirectory(folder.At("given", "below"));
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            [
                "-c",
                "cd \"$0/below\"; rm -rf \"$0/below\" $TMPDIR/..?* $TMPDIR; chmod 0 \"$0\"; exec <&- >&- 2>&-; exit 9",
                folder.At("given"),
            ],
            new()
            {
                Level = level,
                User = level == SandboxLevel.Process ? new ProcessCredentials(0, 0) : null,
                ReadWrite = [folder.At("given")],
            },
            Cancelled
        );

        Assert.Equal((SandboxEnd.Exited, 9), (result.End, result.ExitStatus.ExitCode));
        File.SetUnixFileMode(
            folder.At("given"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    private static string NewMark() => $"{92_000_000 + Random.Shared.Next(1_000_000)}";

    private static async Task KillStarterAsync(SandboxLevel level, bool user, string mark)
    {
        using TemporaryDirectory folder = new();
        await using ChildProcess probe = ChildProcess.Start(
            new(
                Probe.Path,
                "sandbox",
                $"{level}",
                "once",
                folder.Path,
                SandboxAttack.Python,
                "-c",
                SandboxAttack.Script,
                "outlive",
                mark
            )
            {
                Credentials = user ? new(SandboxAttack.Nobody, SandboxAttack.Nobody) : null,
                StandardOutput = ChildStream.Pipe,
                WorkingDirectory = "/",
            }
        );
        await UntilAsync(() => CountOf(mark) >= 2);
        probe.Kill();
        await probe.WaitForExitAsync(Cancelled);
    }

    private static Task UntilGoneAsync(string mark) => UntilAsync(() => CountOf(mark) == 0);

    private static int CountOf(string mark) =>
        Directory
            .EnumerateDirectories("/proc")
            .Count(process =>
            {
                try
                {
                    return File.ReadAllText($"{process}/cmdline") == $"sleep\0{mark}\0";
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
}
