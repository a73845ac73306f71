using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class SandboxPoolTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Programs_run_one_after_the_other_each_in_a_sandbox_of_its_own(SandboxLevel level)
    {
        Require.Root();
        await using SandboxPool pool = new(new() { Level = level }, 2);
        for (int i = 0; i < 6; i++)
        {
            SandboxResult result = await pool.RunAsync(
                "sh",
                ["-c", "cat; echo $1; ls $TMPDIR; touch $TMPDIR/mine", "sh", $"argument {i}"],
                "input\n"u8.ToArray(),
                Cancelled
            );

            Assert.Equal(("", $"input\nargument {i}\n"), (result.StandardError, result.StandardOutput));
            Assert.True(result.Success);
            Assert.True(result.Held.NoNewPrivileges);
            Assert.Equal(1, result.Held.SeccompFilters);
        }
    }

    [Fact]
    public async Task Many_at_once_get_what_they_asked_for()
    {
        Require.Root();
        await using SandboxPool pool = new(new(), 4);

        SandboxResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => pool.RunAsync("echo", [$"{i}"], cancellationToken: Cancelled))
        );

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}\n"), results.Select(result => result.StandardOutput));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_to_be()
    {
        Require.Root();
        await using SandboxPool pool = new(new(), 1);

        ProcessStartException failure = await Assert.ThrowsAsync<ProcessStartException>(() =>
            pool.RunAsync("nothing-such", [], cancellationToken: Cancelled)
        );

        Assert.Equal((nameof(ProcessStartOptions.FileName), Errno.ENOENT), (failure.Setting, failure.Errno));
        Assert.Contains("nothing-such", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_sandbox_that_was_killed_while_it_waited_is_passed_over(SandboxLevel level)
    {
        Require.Root();

        // By their limit they are known; nobody else has it.
        const int Processes = 61;
        await using SandboxPool pool = new(new() { Level = level, Processes = Processes }, 2);
        await pool.WaitUntilFullAsync(Cancelled);
        int[] waiting = [.. GroupsOf(Processes).SelectMany(File.ReadLines).Select(int.Parse)];
        Assert.NotEmpty(waiting);
        foreach (int number in waiting)
        {
            // With the first process of a PID namespace the others are gone.
            if (PidFds.Open(number) is { Ok: true, Value: PidFd process })
            {
                using (process)
                {
                    PidFds.SendSignal(process, Signal.SIGKILL);
                    Poll.Wait(process, PollEvents.POLLIN, TimeSpan.FromSeconds(30)).OrThrow("wait");
                }
            }
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(
                $"{i}\n",
                (await pool.RunAsync("echo", [$"{i}"], cancellationToken: Cancelled)).StandardOutput
            );
        }
    }

    [Fact]
    public async Task A_pool_that_cannot_make_sandboxes_tells_who_asks()
    {
        await using SandboxPool pool = new(new() { ReadOnly = ["/nowhere/at/all"] }, 1);

        await Assert.ThrowsAsync<KernelException>(() => pool.RunAsync("true", [], cancellationToken: Cancelled));
    }

    [Fact]
    public async Task A_pool_is_full_again_while_programs_go_on_and_after_they_have_ended()
    {
        Require.Root();
        await using SandboxPool pool = new(new(), 3);
        List<SandboxedProcess> running = [];
        for (int round = 0; round < 5; round++)
        {
            await pool.WaitUntilFullAsync(Cancelled);
            running.Add(await pool.StartAsync("sleep", ["1000"], cancellationToken: Cancelled));
        }

        foreach (SandboxedProcess process in running)
        {
            await process.DisposeAsync();
        }

        await pool.WaitUntilFullAsync(Cancelled);
        Assert.True((await pool.RunAsync("true", [], cancellationToken: Cancelled)).Success);
    }

    [Theory]
    [InlineData("ppoll")]
    [InlineData("futex")]
    public async Task A_profile_that_forbids_what_a_process_waits_by_holds_from_the_programs_start(string call)
    {
        Require.Root();
        SeccompProfile profile = SeccompProfile.Container with
        {
            Rules = [new CallRule([call], SeccompAnswer.Kill.Word, []), .. SeccompProfile.Container.Rules],
        };
        await using SandboxPool pool = new(new() { SystemCalls = profile }, 1);

        SandboxResult result = await pool.RunAsync("true", [], cancellationToken: Cancelled);

        Assert.True(result.Success, result.StandardError);
        Assert.Equal(1, result.Held.SeccompFilters);
    }

    [Fact]
    public async Task What_held_is_said_of_a_program_that_ends_at_once()
    {
        Require.Root();
        await using SandboxPool pool = new(new() { Memory = 64 << 20, Processes = 7 }, 1);

        SandboxResult result = await pool.RunAsync("true", [], cancellationToken: Cancelled);

        Assert.Equal(
            CloneFlags.CLONE_NEWNS,
            result.Held.Namespaces!.Value & (CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEWUSER)
        );
        Assert.Equal("7", result.Held.CgroupLimits["pids.max"]);
        Assert.Equal((true, 2), (result.Held.NoNewPrivileges, result.Held.SeccompMode));
    }

    private static IEnumerable<string> GroupsOf(int processes) =>
        Directory
            .EnumerateFiles(
                "/sys/fs/cgroup",
                "pids.max",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    AttributesToSkip = FileAttributes.ReparsePoint,
                    IgnoreInaccessible = true,
                }
            )
            .Where(file => ReadOrNothing(file).Trim() == $"{processes}")
            .Select(file => Path.Combine(Path.GetDirectoryName(file)!, "cgroup.procs"));

    private static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // Some other test's, which is gone by now.
            return "";
        }
    }
}
