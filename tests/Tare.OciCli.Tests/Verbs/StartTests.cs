using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class StartTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_container_without_a_program_is_created_and_not_started()
    {
        OciContainer container = _runtime.Create(edit: config => config.Remove("process"));
        Assert.Equal("created", container.Status);

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(
                "tare-oci: process: is missing (name the program in process.args)\n",
                container.Do("start").ShouldExitWith(1).Errors
            );
            Assert.Equal("created", container.Status);
        }

        container.Do("delete").ShouldSucceed();
    }

    [Fact]
    public void A_container_is_started_once()
    {
        OciContainer container = _runtime.Create().Start();

        Assert.Equal(
            "tare-oci: cannot start an already running container\n",
            container.Do("start").ShouldExitWith(1).Errors
        );
        Assert.Equal("running", container.Status);
    }

    [Fact]
    public void A_container_that_has_stopped_cannot_be_started()
    {
        const string Message = "tare-oci: cannot start a container that has stopped\n";
        OciContainer killed = _runtime.Create().Stop();
        OciContainer ended = _runtime.Create().Start().Stop();

        Assert.Equal(Message, killed.Do("start").ShouldExitWith(1).Errors);
        Assert.Equal(Message, ended.Do("start").ShouldExitWith(1).Errors);
    }

    [Fact]
    public void A_paused_container_cannot_be_started_and_can_after_it_is_resumed()
    {
        OciContainer container = _runtime.Create(["echo", "it runs"]);
        container.Do("pause").ShouldSucceed();

        Assert.Equal(
            "tare-oci: cannot start a container in the paused state\n",
            container.Do("start").ShouldExitWith(1).Errors
        );
        container.Do("resume").ShouldSucceed();
        Assert.Equal("created", container.Status);
        container.Start();

        container.Creation.WaitForText("it runs");
    }

    [Fact]
    public void A_program_that_cannot_be_executed_is_told_of_at_start_and_the_container_has_stopped()
    {
        OciContainer container = _runtime.Create(["/etc"]);

        ToolResult start = container.Do("start").ShouldExitWith(1);

        Assert.Equal(
            "tare-oci: exec: \"/etc\": permission denied: EACCES ('/etc' is a directory (name a program))\n",
            start.Errors
        );
        Assert.Equal("stopped", container.Status);
        container.Do("delete").ShouldSucceed();
    }

    [Fact]
    public void A_program_that_is_missing_is_told_of_at_create_already()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["no-such-program"]);

        Assert.Equal(
            "tare-oci: exec: \"no-such-program\": executable file not found in $PATH: ENOENT "
                + "(no directory of PATH holds it)\n",
            _runtime.Do("create", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Of_several_who_start_a_container_at_once_one_succeeds()
    {
        OciContainer container = _runtime.Create();

        RunningTool[] starts = [.. Enumerable.Range(0, 6).Select(_ => _runtime.Start("start", container.Id))];
        ToolResult[] results = [.. starts.Select(start => start.Wait())];

        Assert.Single(results, result => result.ExitCode == 0);
        Assert.All(
            results.Where(result => result.ExitCode != 0),
            result => Assert.Equal("tare-oci: cannot start an already running container\n", result.Errors)
        );
    }

    [Fact]
    public void An_interrupted_start_leaves_a_container_that_runs()
    {
        OciContainer container = _runtime.Create();
        string folder = Path.Combine(_runtime.Root, container.Id);

        // What start does first; its fifo is still there when it is killed next.
        File.WriteAllText(Path.Combine(folder, "start.fifo"), "!");
        Tool.Run("sh", "-c", $"until [ \"$(cat /proc/{container.ProcessId}/comm)\" = sleep ]; do :; done");

        Assert.Equal("running", container.Status);
        Assert.Equal(
            "tare-oci: cannot start an already running container\n",
            container.Do("start").ShouldExitWith(1).Errors
        );
        container.Do("delete", "--force").ShouldSucceed();
    }

    [Fact]
    public void Programs_that_are_added_before_the_start_cannot_get_at_the_runtime()
    {
        OciContainer container = _runtime.Create(edit: config =>
        {
            Capabilities.Add(config, "CAP_DAC_OVERRIDE");
        });

        ToolResult look = container.Exec(
            "sh",
            "-c",
            // What it executes can be asked a moment after create has returned: until then the new program is as hidden as the
            // runtime was.
            "until readlink /proc/1/exe; do :; done; (echo >/proc/1/exe) 2>/dev/null || echo sealed; "
                + "for fd in /proc/1/fd/*; do [ -d $fd ] && echo a directory; done; grep -c tare-oci /proc/1/maps"
        );

        Assert.Equal(["/memfd:tare (deleted)", "sealed", "0"], look.Lines);
    }

    [Fact]
    public void An_unknown_container_does_not_exist() =>
        Assert.Equal(
            "tare-oci: container does not exist: 'nobody'\n",
            _runtime.Do("start", "nobody").ShouldExitWith(1).Errors
        );

    public void Dispose() => _runtime.Dispose();
}
