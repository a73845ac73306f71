namespace Tare.Callers.Tests.Docker;

[Collection<DockerCollection>]
public sealed class DockerLifeTests(DockerMachine docker)
{
    private static readonly string[] Forever = ["sh", "-c", "trap 'exit 5' TERM; echo up; sleep 1000 & wait"];

    [Fact]
    public void A_container_is_stopped_and_started_again_and_removed()
    {
        string name = docker.Start([], Forever);
        Assert.Equal("running", docker.Inspect(name, "{{.State.Status}}"));

        docker.WaitForLog(name, "up");
        docker.Run("stop", name).ShouldSucceed();
        Assert.Equal("exited 5", docker.Inspect(name, "{{.State.Status}} {{.State.ExitCode}}"));
        docker.Run("start", name).ShouldSucceed();
        docker.WaitForLog(name, "up\nup");
        docker.Run("restart", name).ShouldSucceed();
        docker.WaitForLog(name, "up\nup\nup");
        docker.Run("kill", name).ShouldSucceed();
        Assert.Equal(["137"], docker.Run("wait", name).ShouldSucceed().Lines);
        Assert.Equal(["up", "up", "up"], docker.Run("logs", name).ShouldSucceed().Lines);

        docker.Run("rm", name).ShouldSucceed();
        docker.Run("inspect", name).ShouldExitWith(1);
    }

    [Fact]
    public void A_container_that_fails_is_restarted_as_often_as_its_policy_says()
    {
        string name = docker.Start(["--restart=on-failure:2"], "sh", "-c", "exit 6");

        docker.WaitForEvent(name, "die", times: 3);

        Assert.Equal("2 6", docker.Inspect(name, "{{.RestartCount}} {{.State.ExitCode}}"));
        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    [Fact]
    public void A_container_that_is_to_run_always_is_started_again_when_its_program_is_killed()
    {
        string name = docker.Start(["--restart=always"], "sleep", "1000");
        string process = docker.Inspect(name, "{{.State.Pid}}");

        docker.Machine.Run("kill", "-KILL", process).ShouldSucceed();
        docker.WaitForEvent(name, "start", times: 2);

        Assert.Equal("1 running", docker.Inspect(name, "{{.RestartCount}} {{.State.Status}}"));
        Assert.NotEqual(process, docker.Inspect(name, "{{.State.Pid}}"));
        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    [Fact]
    public void A_container_is_paused_and_goes_on()
    {
        string name = docker.Start([], Forever);

        docker.Run("pause", name).ShouldSucceed();
        Assert.Equal("paused", docker.Inspect(name, "{{.State.Status}}"));
        docker.Run("exec", name, "true").ShouldExitWith(1);
        docker.Run("unpause", name).ShouldSucceed();

        docker.Run("exec", name, "true").ShouldSucceed();
        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    [Fact]
    public void Limits_are_the_kernels_and_can_be_changed()
    {
        string name = docker.Start(["--memory=64m", "--pids-limit=50", "--cpus=0.5", "--cpuset-cpus=0"], Forever);

        Assert.Equal("67108864", Limit(name, "memory/memory.limit_in_bytes", "memory.max"));
        Assert.Equal("50", Limit(name, "pids/pids.max", "pids.max"));
        Assert.Equal("0", Limit(name, "cpuset/cpuset.cpus", "cpuset.cpus"));
        docker.Run("update", "--memory=32m", "--memory-swap=32m", "--pids-limit=40", name).ShouldSucceed();
        Assert.Equal("33554432", Limit(name, "memory/memory.limit_in_bytes", "memory.max"));
        Assert.Equal("40", Limit(name, "pids/pids.max", "pids.max"));

        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    // Docker names every limit then, those that the container does not have as 0.
    [Theory]
    [InlineData("--cpus=0.5")]
    [InlineData("--restart=on-failure")]
    [InlineData("--pids-limit=40")]
    public void One_thing_is_changed_of_a_container_without_limits(string option)
    {
        string name = docker.Start([], Forever);
        string before = Limit(name, "memory/memory.limit_in_bytes", "memory.max");

        docker.Run("update", option, name).ShouldSucceed();

        Assert.Equal(before, Limit(name, "memory/memory.limit_in_bytes", "memory.max"));
        docker.Run("exec", name, "true").ShouldSucceed();
        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    [Fact]
    public void A_program_that_takes_too_much_memory_is_killed_and_Docker_knows_why()
    {
        string name = docker.Start(
            ["--memory=16m", "--memory-swap=16m"],
            "sh",
            "-c",
            "head -c 100m /dev/zero | tail; exit 137"
        );

        Assert.Equal(["137"], docker.Run("wait", name).ShouldSucceed().Lines);

        Assert.Equal("true", docker.Inspect(name, "{{.State.OOMKilled}}"));
        docker.Run("rm", name).ShouldSucceed();
    }

    [Fact]
    public void What_runs_in_a_container_can_be_listed_and_measured()
    {
        string name = docker.Start(["--memory=64m"], "sleep", "1000");

        Assert.Contains("sleep 1000", docker.Run("top", name).ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Matches(
            @"^1 .*iB / 64MiB$",
            docker.Run("stats", "--no-stream", "--format={{.PIDs}} {{.MemUsage}}", name).ShouldSucceed().Output.Trim()
        );

        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    [Fact]
    public void A_containers_health_is_what_its_check_says()
    {
        string name = docker.Start(
            ["--health-cmd=test -e /well", "--health-interval=1s", "--health-retries=1"],
            "sleep",
            "1000"
        );

        docker.WaitForEvent(name, "health_status: unhealthy");
        docker.Run("exec", name, "touch", "/well").ShouldSucceed();
        docker.WaitForEvent(name, "health_status: healthy");

        docker.Run("rm", "--force", name).ShouldSucceed();
    }

    [Fact]
    public void A_running_container_that_is_removed_by_force_leaves_nothing()
    {
        string name = docker.Start([], Forever);
        string id = docker.Inspect(name, "{{.Id}}");

        docker.Run("rm", "--force", name).ShouldSucceed();

        Assert.Equal(
            [],
            docker
                .Machine.Run("sh", "-c", $"find /sys/fs/cgroup /run -name '*{id}*' 2>/dev/null; grep {id} /proc/mounts")
                .Lines
        );
    }

    private string Limit(string container, string legacy, string unified) =>
        docker
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
