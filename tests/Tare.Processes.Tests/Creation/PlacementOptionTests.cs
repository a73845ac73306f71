using System.Collections.Immutable;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Creation;

public sealed class PlacementOptionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signals_are_blocked_that_are_named_and_no_others()
    {
        SignalSet blocked = SignalSet.Of(Signal.SIGUSR1, Signal.SIGTERM, Signal.SIGRTMAX);

        Assert.Equal(
            blocked,
            (await StatusAsync(new("cat", "/proc/self/status") { BlockedSignals = blocked })).BlockedSignals
        );
        Assert.Equal(
            SignalSet.Empty,
            (await StatusAsync(new("cat", "/proc/self/status") { BlockedSignals = SignalSet.Empty })).BlockedSignals
        );
    }

    [Fact]
    public void This_programs_signals_stay_as_they_are()
    {
        OwnThread.Run(() =>
        {
            SignalSet before = SignalSet.Of(Signal.SIGUSR2);
            Signals.SetMask(SignalMaskHow.SIG_SETMASK, before).OrThrow("set the mask");
            using ChildProcess child = ChildProcess.Start(
                new("true") { BlockedSignals = SignalSet.Of(Signal.SIGUSR1) }
            );
            child.WaitForExit();
            Assert.Equal(before, Signals.GetMask());
        });
    }

    [Fact]
    public async Task Addresses_are_not_random_where_they_must_not_be()
    {
        ProcessStartOptions options = new("cat", "/proc/self/maps")
        {
            Personality = PersonalityFlags.ADDR_NO_RANDOMIZE,
        };

        Assert.Equal(await OutputAsync(options), await OutputAsync(options));
        Assert.Equal("00040000\n", await OutputAsync(options with { Arguments = ["/proc/self/personality"] }));
    }

    [Fact]
    public async Task Timers_are_as_late_as_said()
    {
        Assert.Equal(
            "1234500\n",
            await OutputAsync(new("cat", "/proc/self/timerslack_ns") { TimerSlack = TimeSpan.FromTicks(12345) })
        );
    }

    [Fact]
    public async Task Memory_comes_from_the_nodes_that_are_named()
    {
        string maps = await OutputAsync(
            new("cat", "/proc/self/numa_maps") { MemoryPolicy = new(MemoryPolicyMode.MPOL_BIND) { Nodes = [0] } }
        );

        Assert.Contains(" bind:0 ", maps, StringComparison.Ordinal);
        Assert.Equal(
            nameof(ProcessStartOptions.MemoryPolicy),
            Assert
                .Throws<ProcessStartException>(() =>
                    ChildProcess.Start(new("true") { MemoryPolicy = new(MemoryPolicyMode.MPOL_BIND) { Nodes = [63] } })
                )
                .Setting
        );
    }

    [Fact]
    public async Task Memory_is_what_was_asked_for_and_this_programs_is_not()
    {
        ProcessStartOptions options = new("cat", "/proc/self/coredump_filter")
        {
            Memory = new() { CoreDump = CoreDumpContent.PrivateAnonymous | CoreDumpContent.ElfHeaders },
        };
        string before = await File.ReadAllTextAsync("/proc/self/coredump_filter", Cancelled);

        Assert.Equal("00000011\n", await OutputAsync(options));
        Assert.Equal(before, await File.ReadAllTextAsync("/proc/self/coredump_filter", Cancelled));
        Assert.Contains(
            "THP_enabled:\t0",
            await OutputAsync(new("cat", "/proc/self/status") { Memory = new() { DisableHugePages = true } }),
            StringComparison.Ordinal
        );
        Assert.Equal(0, Prctl.Call(PrctlOption.PR_GET_THP_DISABLE).Value);
        Assert.Contains(
            "ksm_merge_any: yes",
            await OutputAsync(new("cat", "/proc/self/ksm_stat") { Memory = new() { MergePages = true } }),
            StringComparison.Ordinal
        );
        Assert.Equal(0, Prctl.Call(PrctlOption.PR_GET_MEMORY_MERGE).Value);
    }

    [Fact]
    public async Task Memory_that_was_written_is_not_executed()
    {
        const string Map = "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)";
        string python = Require.Program("python3");

        Assert.Equal(0, await ExitCodeAsync(new(python, "-c", Map)));
        Assert.Equal(1, await ExitCodeAsync(new(python, "-c", Map) { Memory = new() { DenyWriteExecute = true } }));
        Assert.Equal(0, Prctl.Call(PrctlOption.PR_GET_MDWE).Value);
    }

    [Fact]
    public async Task Memory_goes_with_descriptors_and_a_program_that_is_open()
    {
        using MemoryFd file = MemFds.CreateSealed("given", "content"u8).OrThrow("make a memfd");
        using FileFd program = Files.OpenAt(null, "/bin/cat", OpenFlags.O_RDONLY).OrThrow("open");

        // Every number that the launch could use itself.
        ImmutableDictionary<int, FileDescriptor> given = Enumerable
            .Range(3, 400)
            .Where(number => number != program.Number)
            .ToImmutableDictionary(number => number, _ => (FileDescriptor)file);
        ProcessStartOptions options = new("cat", "/proc/self/fd/300")
        {
            Executable = program,
            Descriptors = given,
            Memory = new() { DisableHugePages = true },
        };

        Assert.Equal("content", await OutputAsync(options));
        Assert.Equal(
            "content",
            await OutputAsync(options with { Memory = null, Descriptors = given.Add(program.Number, file) })
        );
        Assert.Throws<ArgumentException>(() =>
            new PreparedStart(options with { Descriptors = given.Add(program.Number, file) })
        );
        Assert.Equal(
            nameof(ProcessStartOptions.FileName),
            Assert
                .Throws<ProcessStartException>(() =>
                    ChildProcess.Start(options with { Executable = null, FileName = "nothing-of-this-name" })
                )
                .Setting
        );
    }

    [Fact]
    public async Task A_suspended_process_has_the_memory_that_was_asked_for()
    {
        using SuspendedProcess suspended = ChildProcess.StartSuspended(
            new("cat", "/proc/self/coredump_filter")
            {
                Memory = new() { CoreDump = CoreDumpContent.None },
                StandardOutput = ChildStream.Pipe,
            }
        );
        await using ChildProcess child = suspended.Resume();
        using StreamReader reader = new(child.StandardOutput!);

        Assert.Equal("00000000\n", await reader.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task A_core_of_its_own_is_had_or_refused_by_name()
    {
        try
        {
            await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { OwnCore = true });
            Assert.NotEqual(0UL, CoreScheduling.GetCookie(child.ProcessId).OrThrow("read the cookie"));
            child.Kill();
        }
        catch (ProcessStartException refused)
        {
            Assert.Equal(nameof(ProcessStartOptions.OwnCore), refused.Setting);
            Assert.True(refused.Errno is Errno.ENODEV or Errno.EINVAL, refused.Message);
        }
    }

    [Fact]
    public async Task A_process_keeps_its_descendants()
    {
        // The grandchild says whose child it is once its parent has ended, which it knows by the pipe's end.
        const string Words = """
            mkfifo $0/f
            sh -c 'sh -c "cat \$0/f; ps -o ppid= -p \$\$ > \$0/parent" $0 & exec 9> $0/f; exit' $0
            while ! [ -s $0/parent ]; do :; done
            echo $$ $(cat $0/parent)
            """;
        using TemporaryDirectory directory = new();

        string[] numbers = (await OutputAsync(new("sh", "-c", Words, directory.Path) { KeepDescendants = true })).Split(
            [' ', '\n'],
            StringSplitOptions.RemoveEmptyEntries
        );

        Assert.Equal(numbers[0], numbers[1]);
    }

    private static async Task<ProcStatus> StatusAsync(ProcessStartOptions options) =>
        ProcStatus.Parse(System.Text.Encoding.UTF8.GetBytes(await OutputAsync(options)));

    private static async Task<int?> ExitCodeAsync(ProcessStartOptions options)
    {
        await using ChildProcess child = ChildProcess.Start(options with { StandardError = ChildStream.Null });
        return (await child.WaitForExitAsync(Cancelled)).ExitCode;
    }

    private static async Task<string> OutputAsync(ProcessStartOptions options)
    {
        await using ChildProcess child = ChildProcess.Start(options with { StandardOutput = ChildStream.Pipe });
        using StreamReader reader = new(child.StandardOutput!, leaveOpen: true);
        string output = await reader.ReadToEndAsync(Cancelled);
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);
        return output;
    }
}
