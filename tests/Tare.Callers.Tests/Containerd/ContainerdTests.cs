using Tare.Fixtures;

namespace Tare.Callers.Tests.Containerd;

public sealed class ContainerdTests(ContainerdMachine containerd) : IClassFixture<ContainerdMachine>
{
    private readonly string _name = $"c{Guid.NewGuid():N}";

    [Theory]
    [InlineData(0, "true")]
    [InlineData(42, "sh", "-c", "exit 42")]
    public void The_exit_status_is_the_programs(int status, params string[] program) =>
        Once(["--rm"], "busybox", program).ShouldExitWith(status);

    [Theory]
    [InlineData("nowhere", "executable file not found in $PATH")]
    [InlineData("/no/where", "no such file or directory")]
    [InlineData("/etc/passwd", "permission denied")]
    public void The_reason_why_a_program_did_not_start_comes_through(string program, string reason)
    {
        ToolResult result = Once(["--rm"], "busybox", program);

        result.ShouldExitWith(1);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_of_Debians_runs_in_Debians_image() =>
        Assert.Equal(
            ["42", "1"],
            Once(["--rm"], "debian", "sh", "-c", "python3 -c 'print(6 * 7)'; echo $$").ShouldSucceed().Lines
        );

    [Fact]
    public void A_program_on_a_terminal_has_one_of_its_own()
    {
        string command = string.Join(' ', ContainerdMachine.NewContainer(["--rm", "--tty"], "busybox", _name));

        ToolResult result = containerd.Machine.Run(
            "script",
            "--quiet",
            "--return",
            "--command",
            $"ctr {command} sh -c 'tty; exit 3'",
            "/dev/null"
        );

        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        result.ShouldExitWith(3);
    }

    [Fact]
    public void Options_of_the_container_hold()
    {
        string[] lines = Once(
                [
                    "--rm",
                    "--cwd=/tmp",
                    "--env=A=b",
                    "--seccomp",
                    "--memory-limit=33554432",
                    "--read-only",
                    "--mount=type=bind,src=/home,dst=/mnt,options=rbind:ro",
                ],
                "busybox",
                "sh",
                "-c",
                "pwd; echo $A; grep Seccomp: /proc/self/status; touch /mnt/x 2>/dev/null || echo read-only"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["/tmp", "b", "Seccomp:\t2", "read-only"], lines);
    }

    [Fact]
    public void A_container_has_users_of_its_own()
    {
        string map = Once(
                ["--rm", "--uidmap=0:100000:1000", "--gidmap=0:100000:1000"],
                "busybox",
                "sh",
                "-c",
                "touch /tmp/file && cat /proc/self/uid_map"
            )
            .ShouldSucceed()
            .Output;

        Assert.Matches(@"^\s+0\s+100000\s+1000\n$", map);
    }

    [Fact]
    public void A_task_is_paused_entered_measured_and_killed()
    {
        using RunningTool task = Start("echo up; exec sleep 1000");
        Assert.Equal("RUNNING", Status());

        containerd.Run("task", "pause", _name).ShouldSucceed();
        Assert.Equal("PAUSED", Status());
        containerd.Run("task", "resume", _name).ShouldSucceed();
        containerd.Run("task", "exec", "--exec-id=e", _name, "sh", "-c", "exit 3").ShouldExitWith(3);
        ToolResult missing = containerd.Run("task", "exec", "--exec-id=m", _name, "nowhere").ShouldExitWith(1);
        Assert.Contains("executable file not found in $PATH", missing.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "pids.current",
            containerd.Run("task", "metrics", _name).ShouldSucceed().Output,
            StringComparison.Ordinal
        );
        Assert.Equal(2, containerd.Run("task", "ps", _name).ShouldSucceed().Lines.Length);
        containerd.Run("task", "kill", "--signal=KILL", _name).ShouldSucceed();
        task.Wait().ShouldExitWith(137);

        Assert.DoesNotContain(
            _name,
            containerd.Run("container", "ls").ShouldSucceed().Output,
            StringComparison.Ordinal
        );
        Assert.Equal("", containerd.Machine.Run("find", "/sys/fs/cgroup", "/run", "-name", _name).Output);
    }

    [Fact]
    public void A_task_is_killed_with_all_that_it_started()
    {
        using RunningTool task = Start("sleep 2000 & echo up; exec sleep 1000");

        containerd.Run("task", "kill", "--all", "--signal=KILL", _name).ShouldSucceed();

        task.Wait().ShouldExitWith(137);
    }

    [Fact]
    public void A_container_outlives_containerd()
    {
        Once(["--detach"], "busybox", "sleep", "1000").ShouldSucceed();

        containerd.Restart();

        Assert.Equal("RUNNING", Status());
        containerd.Run("task", "exec", "--exec-id=e", _name, "true").ShouldSucceed();
        containerd.Run("task", "delete", "--force", _name);
        containerd.Run("container", "delete", _name).ShouldSucceed();
    }

    [Fact]
    public void What_the_configuration_says_for_Kubernetes_is_taken() =>
        Assert.Contains(
            "BinaryName = \"/usr/local/bin/tare-oci\"",
            containerd.Machine.Run("containerd", "config", "dump").ShouldSucceed().Output,
            StringComparison.Ordinal
        );

    private ToolResult Once(string[] options, string image, params string[] program) =>
        containerd.Run([.. ContainerdMachine.NewContainer(options, image, _name), .. program]);

    // A shell script in the foreground of a task that says when it is up; the container goes with it.
    private RunningTool Start(string script)
    {
        RunningTool task = containerd.Machine.Start([
            "ctr",
            .. ContainerdMachine.NewContainer(["--rm"], "busybox", _name),
            "sh",
            "-c",
            script,
        ]);
        task.WaitForText("up");
        return task;
    }

    private string Status() =>
        containerd
            .Run("task", "ls")
            .ShouldSucceed()
            .Lines.Single(line => line.StartsWith(_name, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
}
