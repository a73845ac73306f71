using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("exit 255", 255)]
    [InlineData("sh -c 'kill -KILL $$'; exit $?", 137)]
    public void The_exit_status_is_the_programs(string script, int status) =>
        _runtime.Run(["sh", "-c", script]).ShouldExitWith(status);

    [Fact]
    public void The_exit_status_of_a_program_that_a_signal_ends_is_128_and_the_signal()
    {
        RunningTool run = RunningContainer(out string id, "echo ready; exec sleep 1000");

        _runtime.Do("kill", id, "KILL").ShouldSucceed();

        run.Wait().ShouldExitWith(137);
    }

    [Fact]
    public void A_limit_on_virtual_memory_that_callers_have_is_enough() =>
        Assert.Equal(
            "ran\n",
            _runtime
                .Shell(
                    "ulimit -v 2000000; oci run --bundle $1 $2",
                    _runtime.NewBundle(["echo", "ran"]).Path,
                    _runtime.NewId()
                )
                .ShouldSucceed()
                .Output
        );

    [Fact]
    public void A_limit_on_virtual_memory_that_is_not_enough_is_named() =>
        Assert.Equal(
            "tare-oci: reserve 1024 MiB of address space: ENOMEM (raise RLIMIT_AS: ulimit -v)\n",
            _runtime.Shell("ulimit -v 500000; oci list").ShouldExitWith(255).Errors
        );

    [Fact]
    public void Standard_streams_are_the_programs()
    {
        ToolResult run = _runtime.Run(["sh", "-c", "cat; echo to standard error >&2"], input: "from standard input\n");

        Assert.Equal("from standard input\n", run.ShouldSucceed().Output);
        Assert.Equal("to standard error\n", run.Errors);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("TERM")]
    public void Signals_to_the_runtime_are_passed_on_to_the_program(string signal)
    {
        RunningTool run = RunningContainer(
            out _,
            $"trap 'echo got it; exit 7' {signal}; echo ready; while :; do sleep 0.01; done"
        );

        Tool.Run("kill", $"-{signal}", $"{run.ProcessId}").ShouldSucceed();

        run.WaitForText("got it");
        run.Wait().ShouldExitWith(7);
    }

    [Fact]
    public void When_the_program_ends_the_container_is_gone()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["sh", "-c", "sleep 1000 & exit 3"]);

        _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(3);

        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Processes_that_a_program_without_a_pid_namespace_leaves_are_ended_with_the_container()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["sh", "-c", "sleep 1000 >/dev/null 2>&1 & exit 3"],
            config => Namespaces.Remove(config, "pid")
        );

        _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(3);

        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_container_that_is_kept_is_stopped_and_can_be_looked_at()
    {
        string id = _runtime.NewId();

        _runtime.Do("run", "--keep", "--bundle", _runtime.NewBundle(["true"]).Path, id).ShouldSucceed();

        Assert.Contains(
            "\"status\": \"stopped\"",
            _runtime.Do("state", id).ShouldSucceed().Output,
            StringComparison.Ordinal
        );
        _runtime.Do("delete", id).ShouldSucceed();
    }

    [Fact]
    public void A_detached_container_goes_on_when_the_runtime_has_ended()
    {
        string id = _runtime.NewId();
        string pidFile = _runtime.Folder.At("pid");

        RunningTool run = _runtime.Start([
            "run",
            "-d",
            "--bundle",
            _runtime.NewBundle(["sh", "-c", "read line; echo $line"]).Path,
            "--pid-file",
            pidFile,
            id,
        ]);

        Assert.Equal(0, run.WaitForExit());
        Assert.Contains("\"status\": \"running\"", _runtime.Do("state", id).Output, StringComparison.Ordinal);
        using Ending ending = Ending.Of(int.Parse(File.ReadAllText(pidFile)));
        run.Input.Write("still here\n");
        run.WaitForText("still here");
        ending.Wait();
        Assert.Contains("\"status\": \"stopped\"", _runtime.Do("state", id).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-subreaper")]
    [InlineData("-no-subreaper")]
    public void Not_to_be_a_subreaper_may_be_said_with_one_dash_or_two(string option) =>
        _runtime.Do("run", option, "--bundle", _runtime.NewBundle(["true"]).Path, _runtime.NewId()).ShouldSucceed();

    [Fact]
    public void An_id_is_free_again_when_its_container_has_ended()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["echo", "hello"]);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("hello\n", _runtime.Do("run", "--bundle", bundle.Path, id).ShouldSucceed().Output);
        }
    }

    public void Dispose() => _runtime.Dispose();

    private RunningTool RunningContainer(out string id, string script)
    {
        id = _runtime.NewId();
        RunningTool run = _runtime.Start("run", "--bundle", _runtime.NewBundle(["sh", "-c", script]).Path, id);
        run.WaitForText("ready");
        return run;
    }
}
