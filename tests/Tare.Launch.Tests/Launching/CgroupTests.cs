using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>How a process comes into its cgroups.</summary>
public sealed class CgroupTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void A_process_is_born_in_its_unified_cgroup(bool gated, bool spawned, bool spawnedAlone = false)
    {
        using TestCgroup cgroup = TestCgroup.MakeUnified();
        LaunchPlanBuilder plan = new();
        plan.Cgroup = plan.NewInput("the cgroup");
        plan.SpawnsIntoCgroup = spawnedAlone;
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        if (spawned)
        {
            plan.Spawn();
        }

        using DirectoryFd directory = Files.OpenDirectoryAt(null, cgroup.Directory).OrThrow("open");

        string cgroups = Launches.Output(
            plan,
            builder => builder.Execute("/bin/cat", "/proc/self/cgroup"),
            new LaunchInputs().Add(plan.Cgroup, directory)
        );

        Assert.Contains($"0::{cgroup.Path}\n", cgroups, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_very_first_step_runs_in_the_cgroup()
    {
        using TestCgroup cgroup = TestCgroup.MakeUnified();
        LaunchPlanBuilder plan = new();
        plan.Cgroup = plan.NewInput("the cgroup");
        int gate = plan.Gate("wait for the launcher");
        using DirectoryFd directory = Files.OpenDirectoryAt(null, cgroup.Directory).OrThrow("open");

        using PendingLaunch pending = Launcher.Begin(plan.Build(), new LaunchInputs().Add(plan.Cgroup, directory));
        pending.WaitForGate(gate);

        Assert.Equal($"{pending.ProcessId}\n", File.ReadAllText($"{cgroup.Directory}/cgroup.procs"));
    }

    [Fact]
    public void A_process_enters_a_legacy_cgroup_through_a_descriptor()
    {
        using TestCgroup cgroup = TestCgroup.MakeLegacy();
        LaunchPlanBuilder plan = new();
        Slot entrance = plan.NewInput("cgroup.procs");
        plan.Call("enter the cgroup", Syscall.write, entrance, "0", 1);
        using FileFd procs = Files.OpenAt(null, $"{cgroup.Directory}/cgroup.procs", OpenFlags.O_WRONLY).OrThrow("open");

        string cgroups = Launches.Output(
            plan,
            builder => builder.Execute("/bin/cat", "/proc/self/cgroup"),
            new LaunchInputs().Add(entrance, procs)
        );

        Assert.Contains($":{cgroup.Path}\n", cgroups, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cgroup_that_has_been_removed_is_a_failure_that_says_so(bool gated)
    {
        LaunchPlanBuilder plan = new();
        plan.Cgroup = plan.NewInput("the cgroup");
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Execute("/bin/true");
        DirectoryFd directory;
        using (TestCgroup cgroup = TestCgroup.MakeUnified())
        {
            directory = Files.OpenDirectoryAt(null, cgroup.Directory).OrThrow("open");
        }

        using (directory)
        {
            LaunchException e = Assert.Throws<LaunchException>(() =>
                Launches.Make(plan.Build(), new LaunchInputs().Add(plan.Cgroup, directory))
            );

            Assert.Equal(
                "create the process, in the cgroup ‹the cgroup›: ENOENT (the cgroup has been removed)",
                e.Message
            );
            Assert.Null(e.Failure.Step);
        }
    }

    [Fact]
    public void What_is_no_cgroup_is_a_failure()
    {
        LaunchPlanBuilder plan = new();
        plan.Cgroup = plan.NewInput("the cgroup");
        plan.Execute("/bin/true");
        using DirectoryFd directory = Files.OpenDirectoryAt(null, "/").OrThrow("open");

        LaunchException e = Assert.Throws<LaunchException>(() =>
            Launcher.Launch(plan.Build(), new LaunchInputs().Add(plan.Cgroup, directory))
        );

        Assert.Equal((null, Errno.EBADF), (e.Failure.Step, e.Failure.Errno));
    }
}
