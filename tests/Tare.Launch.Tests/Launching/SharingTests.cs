using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>What a child shares with its launcher: the memory, and nothing that the kernel would hold against the launcher.</summary>
public sealed class SharingTests
{
    private enum Compared : long
    {
        Memory = 1,
        Descriptors = 2,
        FileSystem = 3,
        SignalHandlers = 4,
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_that_waits_shares_memory_and_nothing_else(bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        int gate = plan.Gate("wait for the launcher");
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);

        Assert.True(IsShared(pending.ProcessId, Compared.Memory));
        Assert.False(IsShared(pending.ProcessId, Compared.Descriptors));
        Assert.False(IsShared(pending.ProcessId, Compared.FileSystem));
        Assert.False(IsShared(pending.ProcessId, Compared.SignalHandlers));
    }

    [Fact]
    public void A_child_that_is_waited_for_shares_memory_and_nothing_else()
    {
        LaunchPlanBuilder plan = new();
        Slot number = plan.TellNumber();
        Slot wait = plan.Block();
        plan.Execute("/bin/true");
        LaunchPlan built = plan.Build();
        using PipePair numbers = Pipes.Create().OrThrow("pipe");
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        LaunchInputs inputs = new LaunchInputs().Add(number, numbers.WriteEnd).Add(wait, pipe.ReadEnd);
        Thread launcher = new(() =>
        {
            using LaunchedProcess process = Launcher.Launch(built, inputs);
            Launches.Wait(process);
        });
        launcher.Start();
        int child = Launches.ReadNumber(numbers.ReadEnd);

        Assert.True(IsShared(child, Compared.Memory));
        Assert.False(IsShared(child, Compared.Descriptors));
        Assert.False(IsShared(child, Compared.FileSystem));
        Assert.False(IsShared(child, Compared.SignalHandlers));
        Files.Write(pipe.WriteEnd, "x"u8).OrThrow("write");
        launcher.Join();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_program_shares_nothing_and_is_this_processs_child(bool gated, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        if (spawned)
        {
            plan.Spawn();
        }

        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Execute("/bin/sleep", "1000");
        using LaunchedProcess process = Launches.Make(plan.Build());
        try
        {
            Assert.False(IsShared(process.ProcessId, Compared.Memory));
            Assert.Equal(Environment.ProcessId, ProcStat.Read(process.ProcessId).OrThrow("stat").ParentId);
            Assert.Equal("sleep", ProcStat.Read(process.ProcessId).OrThrow("stat").Command);
            Assert.Equal(process.ProcessId, PidFds.GetProcessId(process.Process).OrThrow("pidfd"));
        }
        finally
        {
            process.Kill();
        }

        Assert.True(Launches.IsGone(process.ProcessId));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_childs_oom_score_is_not_its_launchers(bool gated, bool spawned)
    {
        string own = OomScore("self");
        Assert.NotEqual("777\n", own);
        LaunchPlanBuilder plan = new();
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        if (spawned)
        {
            plan.Spawn();
        }

        plan.WriteFile("/proc/self/oom_score_adj", "777");
        plan.Execute("/bin/sleep", "1000");
        using LaunchedProcess process = Launches.Make(plan.Build());

        Assert.Equal("777\n", OomScore($"{process.ProcessId}"));
        Assert.Equal(own, OomScore("self"));
        process.Kill();
    }

    // A set of semaphores is the kernel's memory, which is charged to the cgroup of who makes it, in one call.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_child_that_exceeds_its_cgroups_memory_fails_and_its_launcher_lives(bool gated, bool spawned)
    {
        const int TooMany = 32_000;
        using TestCgroup cgroup = TestCgroup.MakeMemory(limit: 512 * 1024);
        LaunchPlanBuilder plan = new() { CloneFlags = CloneFlags.CLONE_NEWIPC };
        Slot entrance = plan.NewInput("cgroup.procs");
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Call("enter the cgroup", Syscall.write, entrance, "0", 1);
        if (spawned)
        {
            plan.Spawn();
        }

        plan.Call("use memory", Syscall.semget, 0, TooMany, 384);
        plan.Execute("/bin/true");
        using FileFd procs = cgroup.OpenEntrance();
        LaunchInputs inputs = new LaunchInputs().Add(entrance, procs);

        LaunchFailure failure = Assert.Throws<LaunchException>(() => Launches.Make(plan.Build(), inputs)).Failure;

        Assert.Equal("use memory", failure.Words);
        Assert.Equal(Errno.ENOMEM, failure.Errno);
    }

    private static string OomScore(string process) => File.ReadAllText($"/proc/{process}/oom_score_adj");

    private static bool IsShared(int child, Compared what)
    {
        LaunchPlanBuilder plan = new();
        Slot result = plan.NewSlot("the comparison");
        plan.CallInto(result, "compare two processes", Syscall.kcmp, Environment.ProcessId, child, (long)what, 0, 0);
        using LaunchedProcess process = Launcher.Launch(plan.Build());
        Launches.Wait(process);
        return process[result] == 0;
    }
}
