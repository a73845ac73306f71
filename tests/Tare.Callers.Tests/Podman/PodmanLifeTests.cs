namespace Tare.Callers.Tests.Podman;

[Collection<PodmanCollection>]
public sealed class PodmanLifeTests(PodmanMachine podman)
{
    private static readonly string[] Forever = ["sh", "-c", "trap 'exit 5' TERM; echo up; sleep 1000 & wait"];

    [Fact]
    public void A_container_is_stopped_and_started_again_and_removed()
    {
        string name = podman.Start([], Forever);
        Assert.Equal("running", podman.Inspect(name, "{{.State.Status}}"));

        podman.WaitForLog(name, "up");
        podman.Run("stop", name).ShouldSucceed();
        Assert.Equal("exited 5", podman.Inspect(name, "{{.State.Status}} {{.State.ExitCode}}"));
        podman.Run("start", name).ShouldSucceed();
        podman.WaitForLog(name, "up\nup");
        podman.Run("kill", name).ShouldSucceed();
        Assert.Equal(["137"], podman.Run("wait", name).ShouldSucceed().Lines);
        Assert.Equal(["up", "up"], podman.Run("logs", name).ShouldSucceed().Lines);

        podman.Run("rm", name).ShouldSucceed();
        podman.Run("container", "exists", name).ShouldExitWith(1);
    }

    [Fact]
    public void A_signal_reaches_the_program()
    {
        string name = podman.Start([], "sh", "-c", "trap 'exit 9' USR1; echo up; sleep 1000 & wait");

        podman.WaitForLog(name, "up");
        podman.Run("kill", "--signal=USR1", name).ShouldSucceed();

        Assert.Equal(["9"], podman.Run("wait", name).ShouldSucceed().Lines);
    }

    [Fact]
    public void A_container_is_paused_and_goes_on()
    {
        string name = podman.Start([], Forever);

        podman.Run("pause", name).ShouldSucceed();
        Assert.Equal("paused", podman.Inspect(name, "{{.State.Status}}"));
        Assert.NotEqual(0, podman.Run("exec", name, "true").ExitCode);
        podman.Run("unpause", name).ShouldSucceed();

        podman.Run("exec", name, "true").ShouldSucceed();
        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();
    }

    [Fact]
    public void A_running_container_that_is_removed_by_force_leaves_nothing()
    {
        string name = podman.Start([], Forever);
        string id = podman.Inspect(name, "{{.Id}}");

        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();

        Assert.Equal(
            [],
            podman
                .Machine.Run(
                    "sh",
                    "-c",
                    $"find /sys/fs/cgroup /run -name '*{id}*' 2>/dev/null; grep {id} /proc/*/cmdline /proc/mounts"
                )
                .Lines.Where(line => !line.Contains("/proc/self/", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Limits_are_the_kernels_and_can_be_changed()
    {
        string name = podman.Start(["--memory=64m", "--pids-limit=50", "--cpuset-cpus=0"], Forever);

        Assert.Equal("67108864", Limit(name, "memory/memory.limit_in_bytes", "memory.max"));
        Assert.Equal("50", Limit(name, "pids/pids.max", "pids.max"));
        Assert.Equal("0", Limit(name, "cpuset/cpuset.cpus", "cpuset.cpus"));
        podman.Run("update", "--memory=32m", "--memory-swap=32m", name).ShouldSucceed();
        Assert.Equal("33554432", Limit(name, "memory/memory.limit_in_bytes", "memory.max"));

        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();
    }

    [Fact]
    public void What_runs_in_a_container_can_be_listed_and_measured()
    {
        string name = podman.Start([], "sleep", "1000");

        Assert.Contains("sleep 1000", podman.Run("top", name, "args").ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(["1"], podman.Run("stats", "--no-stream", "--format={{.PIDS}}", name).ShouldSucceed().Lines);

        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();
    }

    [Fact]
    public void A_containers_health_is_what_its_check_says()
    {
        string name = podman.Start(["--health-cmd=test -e /well", "--health-retries=1"], "sleep", "1000");

        podman.Run("healthcheck", "run", name).ShouldExitWith(1);
        podman.Run("exec", name, "touch", "/well").ShouldSucceed();
        podman.Run("healthcheck", "run", name).ShouldSucceed();

        Assert.Equal("healthy", podman.Inspect(name, "{{.State.Health.Status}}"));
        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();
    }

    private string Limit(string container, string legacy, string unified) =>
        podman
            .Run(
                "exec",
                container,
                "sh",
                "-c",
                $"cd /sys/fs/cgroup; if [ -e {legacy} ]; then cat {legacy}; else cat {unified}; fi"
            )
            .ShouldSucceed()
            .Output.Trim();
}
