using System.Collections.Immutable;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class SandboxTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<SandboxLevel> Levels => [SandboxLevel.Process, SandboxLevel.Container];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task A_program_runs_and_what_held_is_read_back(SandboxLevel level)
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            level,
            "echo out; echo err >&2; cat; exit 4",
            new() { Input = "in\n"u8.ToArray() }
        );

        Assert.Equal(
            ("out\nin\n", "err\n", 4),
            (result.StandardOutput, result.StandardError, result.ExitStatus.ExitCode)
        );
        Assert.Equal((SandboxEnd.Exited, level), (result.End, result.Level));
        Assert.True(result.Held.NoNewPrivileges);
        Assert.Equal((2, 1), (result.Held.SeccompMode, result.Held.SeccompFilters));
        Assert.Equal(CapabilitySet.Empty, result.Held.Capabilities);
        Assert.Empty(result.Missing);
        Assert.Contains(result.Held.CgroupLimits.Values, limit => limit == "64");
    }

    [Fact]
    public async Task A_container_has_namespaces_of_its_own()
    {
        Require.Root();
        await using SandboxedProcess process = Sandbox.Start("cat", [], new() { Input = "x"u8.ToArray() });

        Assert.Equal(
            CloneFlags.CLONE_NEWNS
                | CloneFlags.CLONE_NEWPID
                | CloneFlags.CLONE_NEWIPC
                | CloneFlags.CLONE_NEWUTS
                | CloneFlags.CLONE_NEWNET,
            process.Held.Namespaces
        );
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Only_what_is_named_can_be_read_and_written(SandboxLevel level)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string readable = Path.Combine(folder.Path, "readable");
        string writable = Path.Combine(folder.Path, "writable");
        string hidden = Path.Combine(folder.Path, "hidden");
        foreach (string directory in new[] { readable, writable, hidden })
        {
            Directory.CreateDirectory(directory);
            await File.WriteAllTextAsync(Path.Combine(directory, "file"), "content", Cancelled);
        }

        SandboxResult result = await RunAsync(
            level,
            $"cat {readable}/file; echo more > {readable}/file; echo more > {writable}/file; cat {writable}/file; cat {hidden}/file; echo x > /usr/x; echo end",
            new()
            {
                User = level == SandboxLevel.Process ? new ProcessCredentials(0, 0) : null,
                ReadOnly = [readable],
                ReadWrite = [writable],
            }
        );

        Assert.Equal("contentmore\nend\n", result.StandardOutput);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(readable, "file"), Cancelled));
        Assert.Equal("more\n", await File.ReadAllTextAsync(Path.Combine(writable, "file"), Cancelled));
        Assert.False(File.Exists("/usr/x"));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Time_is_up_for_all_processes(SandboxLevel level)
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            level,
            "trap '' TERM; (trap '' TERM; sleep 1000) & sleep 1000",
            new() { Time = TimeSpan.FromMilliseconds(200) }
        );

        Assert.Equal((SandboxEnd.TimeExceeded, Signal.SIGKILL), (result.End, result.ExitStatus.Status.Signal));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Memory_is_limited(SandboxLevel level)
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            level,
            "x=0123456789abcdef; while :; do x=$x$x; done",
            new() { Memory = 24 << 20 }
        );

        Assert.Equal(SandboxEnd.MemoryExceeded, result.End);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Processor_time_is_limited(SandboxLevel level)
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            level,
            "while :; do :; done",
            new() { CpuTime = TimeSpan.FromSeconds(1) }
        );

        Assert.Equal(SandboxEnd.CpuTimeExceeded, result.End);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Output_is_limited(SandboxLevel level)
    {
        Require.Root();
        SandboxResult flood = await RunAsync(level, "yes", new() { Output = 1000, EndAtOutputLimit = true });
        SandboxResult kept = await RunAsync(level, "head -c 100000 /dev/zero", new() { Output = 1000 });

        Assert.Equal((SandboxEnd.OutputExceeded, 1000), (flood.End, flood.StandardOutputBytes.Length));
        Assert.Equal((SandboxEnd.Exited, 1000, 99_000), (kept.End, kept.StandardOutputBytes.Length, kept.DroppedBytes));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task A_fork_bomb_leaves_nothing(SandboxLevel level)
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            level,
            "b() { b | b & }; b; sleep 1000",
            new() { Time = TimeSpan.FromSeconds(1), Processes = 30 }
        );

        Assert.True(result.Usage!.PeakProcesses is null or <= 30);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task There_is_no_network(SandboxLevel level)
    {
        Require.Root();
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        SandboxResult result = await RunAsync(
            level,
            $"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}' && echo connected",
            new()
        );

        Assert.Equal("", result.StandardOutput);
        Assert.False(listener.Pending());
    }

    public static TheoryData<string> Profiles => ["container", "everything", "named", "asked"];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Without_namespaces_no_kind_of_socket_leads_out_whatever_the_profile_allows(string profile)
    {
        Require.Root();
        const string Script = """
            import socket as s
            for family, kind in (("AF_INET", s.SOCK_DGRAM), ("AF_INET6", s.SOCK_DGRAM), ("AF_NETLINK", s.SOCK_RAW), ("AF_UNIX", s.SOCK_STREAM)):
                try:
                    s.socket(getattr(s, family), kind).close()
                    print(family, "made")
                except OSError as e:
                    print(family, e.errno)
            """;
        SeccompProfile? wished = profile switch
        {
            "everything" => new SeccompProfile(SeccompAnswer.Allow),
            "named" => new SeccompProfile(SeccompAnswer.Allow).Allow("read", "socket"),
            "asked" => new SeccompProfile(SeccompAnswer.Allow)
                .Notify("socket")
                .With((_, _) => ValueTask.FromResult(SystemCallReply.Continue)),
            _ => null,
        };

        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            ["-c", Script],
            new() { Level = SandboxLevel.Process, SystemCalls = wished },
            Cancelled
        );

        Assert.Equal("", result.StandardError);
        Assert.Equal("AF_INET 13\nAF_INET6 13\nAF_NETLINK 13\nAF_UNIX made\n", result.StandardOutput);
    }

    [Theory]
    [InlineData("container")]
    [InlineData("everything")]
    [InlineData("as it fails otherwise")]
    public async Task A_program_of_32_bits_gets_no_socket_by_socketcall_either(string profile)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string program = Path.Combine(folder.Path, "program");
        await File.WriteAllBytesAsync(program, NarrowProgram.MakingASocket(), Cancelled);
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        SeccompProfile wished = profile switch
        {
            "everything" => new SeccompProfile(SeccompAnswer.Allow),
            "container" => SeccompProfile.Container,
            _ => SeccompProfile.Container with { Otherwise = SeccompAnswer.Fail(Errno.EACCES) },
        };
        SandboxOptions options = new()
        {
            Level = SandboxLevel.Process,
            User = new ProcessCredentials(0, 0),
            ReadOnly = [folder.Path],
            SystemCalls = wished with { FurtherAbis = [FilterAbi.X86] },
        };

        SandboxResult cut = await Sandbox.RunAsync(program, [], options, Cancelled);
        SandboxResult open = await Sandbox.RunAsync(
            program,
            [],
            options with
            {
                Level = SandboxLevel.Container,
                SystemCalls = new SeccompProfile(SeccompAnswer.Allow) { FurtherAbis = [FilterAbi.X86] },
            },
            Cancelled
        );

        Assert.Equal((int)Errno.EACCES, cut.ExitStatus.ExitCode);
        Assert.Equal(NarrowProgram.Made, open.ExitStatus.ExitCode);
    }

    [Fact]
    public async Task Without_namespaces_io_uring_makes_no_socket()
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            [
                "-c",
                "import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.syscall(425, 1, 0), ctypes.get_errno())",
            ],
            new() { Level = SandboxLevel.Process, SystemCalls = new SeccompProfile(SeccompAnswer.Allow) },
            Cancelled
        );

        Assert.Equal("-1 1\n", result.StandardOutput);
    }

    [Fact]
    public async Task A_container_sees_itself_alone()
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            SandboxLevel.Container,
            "echo $$; hostname; ls /; ls -d /proc/[0-9]* | wc -l; echo 1 > /proc/sys/kernel/sysrq; ls /sys/fs 2>&1; cat /proc/self/cgroup | wc -l",
            new()
        );

        string[] lines = result.StandardOutput.Split('\n');
        Assert.Equal(["2", "sandbox", "bin", "dev", "etc"], lines[..5]);
        Assert.DoesNotContain("root", lines);
        Assert.Contains("sysrq", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_kills()
    {
        Require.Root();
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Sandbox.RunAsync("sleep", ["1000"], new(), source.Token)
        );
    }

    [Fact]
    public void A_program_that_is_not_there_leaves_nothing()
    {
        Require.Root();
        ProcessStartException failure = Assert.Throws<ProcessStartException>(() => Sandbox.Start("nothing-such", []));

        Assert.Equal(nameof(ProcessStartOptions.FileName), failure.Setting);
    }

    [Fact]
    public void Bad_options_are_bad_arguments()
    {
        Assert.Throws<ArgumentException>(() => Sandbox.Start("true", [], new() { Memory = 0 }));
        Assert.Throws<ArgumentException>(() => Sandbox.Start("true", [], new() { ReadOnly = ["relative"] }));
        Assert.Throws<ArgumentException>(() => Sandbox.Start("true", [], new() { Level = (SandboxLevel)7 }));
        Assert.Throws<ArgumentException>(() => Sandbox.Start("", []));
    }

    [Fact]
    public void Bad_options_are_bad_arguments_whoever_asks_and_before_a_cgroup_is_made()
    {
        ImmutableDictionary<string, string> none = ImmutableDictionary<string, string>.Empty;
        Assert.All(
            (SandboxOptions[])
                [
                    new() { ReadOnly = default },
                    new() { ReadWrite = [null!] },
                    new() { Environment = null! },
                    new() { Environment = none.Add("a=b", "") },
                    new() { Environment = none.Add("a", null!) },
                    new() { WorkingDirectory = "usr" },
                    new() { Cpu = 1e300 },
                    new() { Cpu = 1e-9 },
                    new() { SystemCalls = new SeccompProfile(SeccompAnswer.Allow).Notify("mkdir") },
                ],
            bad =>
            {
                Assert.ThrowsAny<ArgumentException>(() => SandboxChecks.Check(bad));
                Assert.ThrowsAny<ArgumentException>(() => new SandboxPool(bad, 1));
            }
        );
        Assert.ThrowsAny<ArgumentException>(() => Sandbox.Start("true", ["a\0"], new() { ReadOnly = ["/nowhere"] }));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task What_held_is_whole_of_a_program_that_ends_at_once(SandboxLevel level)
    {
        Require.Root();
        for (int i = 0; i < 10; i++)
        {
            SandboxHeld held = (await RunAsync(level, "", new())).Held;

            Assert.Equal(level == SandboxLevel.Container, held.Namespaces!.Value.HasFlag(CloneFlags.CLONE_NEWPID));
            Assert.Equal("64", held.CgroupLimits["pids.max"]);
        }
    }

    private static Task<SandboxResult> RunAsync(SandboxLevel level, string script, SandboxOptions options) =>
        Sandbox.RunAsync("sh", ["-c", script], options with { Level = level }, Cancelled);
}
