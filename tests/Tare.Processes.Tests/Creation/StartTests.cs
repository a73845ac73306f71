using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Creation;

public sealed class StartTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_program_writes_is_read()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "echo out; echo err >&2; exit 3")
            {
                StandardOutput = ChildStream.Pipe,
                StandardError = ChildStream.Pipe,
            }
        );

        string output = await ReadAsync(child.StandardOutput!);
        string error = await ReadAsync(child.StandardError!);
        ProcessExit exit = await child.WaitForExitAsync(Cancelled);

        Assert.Equal(("out\n", "err\n", 3), (output, error, exit.ExitCode));
    }

    [Fact]
    public async Task Standard_input_is_what_is_written()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("cat") { StandardInput = ChildStream.Pipe, StandardOutput = ChildStream.Pipe }
        );

        byte[] sent = new byte[1 << 20];
        Random.Shared.NextBytes(sent);
        Task writing = Task.Run(
            async () =>
            {
                await child.StandardInput!.WriteAsync(sent, Cancelled);
                child.StandardInput.Dispose();
            },
            Cancelled
        );
        using MemoryStream received = new();
        await child.StandardOutput!.CopyToAsync(received, Cancelled);
        await writing;

        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
    }

    [Fact]
    public async Task The_environment_is_exact()
    {
        ProcessEnvironment environment = ProcessEnvironment
            .Empty.With("ONLY", "this=one")
            .With("PATH", "/usr/bin:/bin");

        string output = await OutputAsync(new("env") { Environment = environment });

        Assert.Equal("ONLY=this=one\nPATH=/usr/bin:/bin\n", output);
    }

    [Fact]
    public async Task Descriptors_are_where_they_are_wanted_and_no_other_is_open()
    {
        using MemoryFd first = MemFds.CreateSealed("first", "1"u8).OrThrow("make a memfd");
        using MemoryFd second = MemFds.CreateSealed("second", "2"u8).OrThrow("make a memfd");

        // Each is wanted under the other's number.
        string output = await OutputAsync(
            new("sh", "-c", $"readlink /proc/self/fd/{first.Number} /proc/self/fd/{second.Number}; ls /proc/self/fd")
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>
                    .Empty.Add(second.Number, first)
                    .Add(first.Number, second),
            }
        );

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["/memfd:second (deleted)", "/memfd:first (deleted)"], lines[..2]);

        // Number 3 is ls's own.
        Assert.Equal(new[] { 0, 1, 2, 3, first.Number, second.Number }.Order(), lines[2..].Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_terminal_has_its_size_and_is_the_controlling_one()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "stty size; tty; ps -o tpgid= -p $$ | tr -d ' '; echo $$")
            {
                Terminal = new TerminalSize(17, 93),
            }
        );

        string output = await ReadAsync(child.Terminal!.Stream);

        string[] lines = output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("17 93", lines[0]);
        Assert.StartsWith("/dev/pts/", lines[1], StringComparison.Ordinal);
        Assert.Equal(child.ProcessId.ToString(), lines[3]);
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
    }

    [Fact]
    public async Task What_was_ignored_before_stays_so_but_for_the_keys_of_a_terminal_and_what_is_named()
    {
        ProcessTextOutput seen = await ChildProcess.RunAndCaptureTextAsync(
            new("env", "--ignore-signal=HUP,INT,QUIT,USR1", Probe.Path, "ignored"),
            null,
            Cancelled
        );

        Assert.Equal(
            ["0000000000000207", "0000000000000200", "0000000000000000", "0000000000000004"],
            seen.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Theory]
    [InlineData("nothing-of-this-name", Errno.ENOENT)]
    [InlineData("/nowhere/at-all", Errno.ENOENT)]
    [InlineData("/etc/passwd", Errno.EACCES)]
    public void A_program_that_is_not_there_is_said_to_be(string program, Errno errno)
    {
        ProcessStartException failure = Assert.Throws<ProcessStartException>(() => ChildProcess.Start(new(program)));

        Assert.Equal((nameof(ProcessStartOptions.FileName), errno), (failure.Setting, failure.Errno));
    }

    [Fact]
    public void A_failure_names_the_option()
    {
        Assert.Equal(
            nameof(ProcessStartOptions.WorkingDirectory),
            Assert
                .Throws<ProcessStartException>(() => ChildProcess.Start(new("true") { WorkingDirectory = "/nowhere" }))
                .Setting
        );
        Assert.Equal(
            nameof(ProcessStartOptions.ProcessGroup),
            Assert.Throws<ProcessStartException>(() => ChildProcess.Start(new("true") { ProcessGroup = 1 })).Setting
        );
        ProcessStartException tooLong = Assert.Throws<ProcessStartException>(() =>
            ChildProcess.Start(new("true", new string('x', 33 * Environment.SystemPageSize)))
        );
        Assert.Equal((nameof(ProcessStartOptions.Arguments), Errno.E2BIG), (tooLong.Setting, tooLong.Errno));
        using FileFd open = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDONLY).OrThrow("open");
        Assert.Equal(
            nameof(ProcessStartOptions.Descriptors),
            Assert
                .Throws<ProcessStartException>(() =>
                    ChildProcess.Start(
                        new("true")
                        {
                            StandardOutput = ChildStream.Pipe,
                            Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(1 << 20, open),
                        }
                    )
                )
                .Setting
        );
    }

    [Fact]
    public async Task Every_limit_is_the_programs()
    {
        ProcessLimit<long> some = new(500, 1000);
        ProcessLimit<TimeSpan> time = new(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(9));
        ProcessStartLimits limits = new()
        {
            CpuTime = time,
            FileSize = some,
            Data = new(100 << 20, 100 << 20),
            Stack = new(1 << 20, 2 << 20),
            CoreDump = new(0, 0),
            ResidentMemory = new(null, null),
            Processes = some,
            OpenFiles = new(20, 30),
            LockedMemory = some,
            AddressSpace = new(1L << 30, 1L << 30),
            FileLocks = some,
            PendingSignals = some,
            MessageQueues = some,
            NiceCeiling = new(0, 0),
            RealTimePriority = new(0, 0),
            RealTimeTime = time,
        };
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { Limits = limits });

        ProcessLimits seen = ProcessLimits.Of(child.ProcessId);
        ProcessStartLimits found = new()
        {
            CpuTime = seen.CpuTime,
            FileSize = seen.FileSize,
            Data = seen.Data,
            Stack = seen.Stack,
            CoreDump = seen.CoreDump,
            ResidentMemory = seen.ResidentMemory,
            Processes = seen.Processes,
            OpenFiles = seen.OpenFiles,
            LockedMemory = seen.LockedMemory,
            AddressSpace = seen.AddressSpace,
            FileLocks = seen.FileLocks,
            PendingSignals = seen.PendingSignals,
            MessageQueues = seen.MessageQueues,
            NiceCeiling = seen.NiceCeiling,
            RealTimePriority = seen.RealTimePriority,
            RealTimeTime = seen.RealTimeTime,
        };
        child.Kill();

        Assert.Equal(limits, found);
        Assert.Equal(
            typeof(ProcessLimits)
                .GetProperties()
                .Select(property => property.Name)
                .Except(["Current", nameof(ProcessLimits.OomScoreAdjustment), nameof(ProcessLimits.CoreDumpContent)])
                .Order(),
            typeof(ProcessStartLimits).GetProperties().Select(property => property.Name).Except(["Inherited"]).Order()
        );
    }

    [Fact]
    public async Task A_process_without_random_addresses_has_its_stack_at_the_same_place_each_time()
    {
        ProcessStartOptions options = new("sh", "-c", "grep stack /proc/self/maps; cat /proc/self/personality");

        string random = await OutputAsync(options);
        string same = await OutputAsync(options with { Personality = PersonalityFlags.ADDR_NO_RANDOMIZE });

        Assert.Equal(same, await OutputAsync(options with { Personality = PersonalityFlags.ADDR_NO_RANDOMIZE }));
        Assert.EndsWith("00040000\n", same, StringComparison.Ordinal);
        Assert.EndsWith("00000000\n", random, StringComparison.Ordinal);
        Assert.SkipWhen(
            AddressRandomization.OfMachine().Value == RandomizedParts.None,
            "the machine's addresses are not random"
        );
        Assert.NotEqual(random, await OutputAsync(options));
    }

    [Fact]
    public async Task A_suspended_process_runs_once_it_is_resumed()
    {
        using SuspendedProcess suspended = ChildProcess.StartSuspended(
            new("sh", "-c", "echo $$") { StandardOutput = ChildStream.Pipe }
        );
        int waiting = suspended.ProcessId;

        await using ChildProcess child = suspended.Resume();

        Assert.Equal($"{waiting}\n", await ReadAsync(child.StandardOutput!));
    }

    [Fact]
    public async Task Descriptors_do_not_stand_in_the_way_of_what_the_start_itself_needs()
    {
        using LandlockRuleset ruleset = new LandlockPolicy().Allow(LandlockAccess.Execute, "/").ToRuleset();
        using MemoryFd echo = MemFds
            .CreateExecutable("echo", await File.ReadAllBytesAsync("/bin/echo", Cancelled))
            .OrThrow("make a memfd");
        using FileFd taken = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR).OrThrow("open");

        // Every number that this process has in use means something else in the child.
        ImmutableDictionary<int, FileDescriptor> all = Enumerable
            .Range(3, 60)
            .ToImmutableDictionary(number => number, FileDescriptor (_) => taken);
        using SuspendedProcess suspended = ChildProcess.StartSuspended(
            new("echo", "all there")
            {
                StandardOutput = ChildStream.Pipe,
                Descriptors = all,
                Executable = echo,
                Landlock = ruleset,
                NoNewPrivileges = true,
                KillOnParentExit = true,
            }
        );
        await using ChildProcess child = suspended.Resume();

        Assert.Equal("all there\n", await ReadAsync(child.StandardOutput!));
    }

    /// <summary>
    /// The numbers just above those that it gets were left as this program has them: a pipe that had one of them never came to its
    /// end, and two sandboxes of a pool waited for each other.
    /// </summary>
    [Fact]
    public void A_suspended_process_holds_nothing_but_what_it_gets_and_waits_for()
    {
        using FileFd given = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR).OrThrow("open");
        using SuspendedProcess suspended = ChildProcess.StartSuspended(
            new("true")
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(4, given),
                KillOnParentExit = true,
            }
        );

        Dictionary<int, string> held = Directory
            .EnumerateFiles($"/proc/{suspended.ProcessId}/fd")
            .ToDictionary(path => int.Parse(Path.GetFileName(path)), path => new FileInfo(path).LinkTarget!);

        // This process, the gate, and this process once more.
        string[] expected = ["/dev/null", "anon_inode:[pidfd]", "anon_inode:[eventfd]", "anon_inode:[pidfd]"];
        Assert.Equal(
            expected,
            held.Where(entry => entry.Key > 2)
                .OrderBy(entry => entry.Key)
                .Select(entry => entry.Value.Replace("pidfd:[", "anon_inode:[", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_suspended_process_holds_no_pipe_of_another(bool inOwnMemory)
    {
        ProcessStartOptions options = new("sh", "-c", "ls /proc/$$/fd; exit 4")
        {
            StandardInput = ChildStream.Null,
            StandardOutput = ChildStream.Pipe,
            StandardError = ChildStream.Null,
            Memory = inOwnMemory ? new() { DisableHugePages = true } : null,
        };
        await using ChildProcess other = ChildProcess.Start(
            new("cat") { StandardInput = ChildStream.Pipe, StandardOutput = ChildStream.Pipe }
        );
        using SuspendedProcess suspended = ChildProcess.StartSuspended(options);

        other.StandardInput!.Dispose();

        Assert.Equal("", await ReadAsync(other.StandardOutput!));
        await using ChildProcess child = suspended.Resume();
        Assert.Equal("0\n1\n2\n", await ReadAsync(child.StandardOutput!));
        Assert.Equal(4, (await child.WaitForExitAsync(Cancelled)).ExitCode);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_of_a_suspended_process_in_memory_of_its_own_too()
    {
        using SuspendedProcess suspended = ChildProcess.StartSuspended(
            new("nothing-such") { Memory = new() { DisableHugePages = true } }
        );

        ProcessStartException failure = Assert.Throws<ProcessStartException>(suspended.Resume);

        Assert.Equal((nameof(ProcessStartOptions.FileName), Errno.ENOENT), (failure.Setting, failure.Errno));
    }

    [Fact]
    public async Task A_program_in_memory_is_executed()
    {
        using MemoryFd program = MemFds
            .CreateExecutable("echo", await File.ReadAllBytesAsync("/bin/echo", Cancelled))
            .OrThrow("make a memfd");

        Assert.Equal("from memory\n", await OutputAsync(new("echo", "from memory") { Executable = program }));
    }

    [Fact]
    public async Task Whoever_ignores_to_be_asked_is_killed()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done") { StandardOutput = ChildStream.Pipe }
        );
        byte[] ready = new byte[6];
        await child.StandardOutput!.ReadExactlyAsync(ready, Cancelled);

        ProcessExit exit = await child.StopAsync(TimeSpan.FromMilliseconds(50), cancellationToken: Cancelled);

        Assert.Equal(Signal.SIGKILL, exit.Status.Signal);
    }

    private static async Task<string> OutputAsync(ProcessStartOptions options)
    {
        await using ChildProcess child = ChildProcess.Start(options with { StandardOutput = ChildStream.Pipe });
        string output = await ReadAsync(child.StandardOutput!);
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        return output;
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancelled);
    }
}
