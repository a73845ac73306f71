using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Hooks that fail, take too long or cannot be run: the container goes, and nothing stays.</summary>
public sealed class HookFailureTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<string, bool> ThatEndTheContainer
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (string kind in HookConfig.Kinds[..^1])
            {
                data.Add(kind, true);
                data.Add(kind, false);
            }

            return data;
        }
    }

    private string AfterEnd => _folder.At("poststop");

    [Theory]
    [MemberData(nameof(ThatEndTheContainer))]
    public void A_hook_that_fails_ends_the_container_and_the_hooks_after_its_end_are_run(string kind, bool runs)
    {
        (string id, Bundle bundle, ToolResult failed) = Fail(kind, runs, "echo said; echo wrong >&2; exit 7");

        Assert.Equal(
            $"tare-oci: error running {kind} hook #0: exit status 7, stdout: said, stderr: wrong\n",
            failed.ShouldExitWith(1).Errors
        );
        Assert.True(File.Exists(AfterEnd));
        Assert.Contains(
            "container does not exist",
            _runtime.Do("state", id).ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path, _folder.Path);
    }

    [Theory]
    [MemberData(nameof(ThatEndTheContainer))]
    public void A_hook_that_takes_too_long_is_killed_with_what_it_started(string kind, bool runs)
    {
        string here = HookConfig.FolderOf(kind, _folder.Path);
        (string id, Bundle bundle, ToolResult failed) = Fail(
            kind,
            runs,
            $"touch {here}/file; tail -f {here}/file & tail -f {here}/file",
            timeout: 1
        );

        Assert.Equal(
            $"tare-oci: error running {kind} hook #0: hook ran past specified timeout of 1s, stdout: , stderr: \n",
            failed.ShouldExitWith(1).Errors
        );
        Assert.True(File.Exists(_folder.At("file")));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path, _folder.Path);
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    public void A_hook_whose_program_is_missing_is_named(string kind)
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["sleep", "1000"],
            config => HookConfig.Add(config, kind, new JsonObject { ["path"] = "/no/such/program" })
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Equal(
            $"tare-oci: error running {kind} hook #0: exec: \"/no/such/program\": no such file or directory: ENOENT\n",
            run.Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_hook_that_is_killed_has_failed_and_what_it_writes_is_cut_off()
    {
        ToolResult run = _runtime.Run(
            ["true"],
            config => HookConfig.Add(config, "createRuntime", "head -c 1000000 /dev/zero | tr '\\0' x; kill -9 $$")
        );

        Assert.Contains(
            "hook #0: signal: SIGKILL, stdout: xxx",
            run.ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
        Assert.InRange(run.Errors.Length, 4000, 5000);
    }

    [Fact]
    public void What_a_hook_leaves_running_when_it_succeeds_is_let_alone()
    {
        string process = _folder.At("process");

        _runtime
            .Run(["true"], config => HookConfig.Add(config, "createRuntime", $"sleep 1000 & echo $! >{process}"))
            .ShouldSucceed();

        Tool.Run("kill", File.ReadAllText(process).Trim()).ShouldSucceed();
    }

    [Fact]
    public void A_hook_after_the_end_that_fails_is_told_on_standard_error_where_there_is_no_log()
    {
        ToolResult run = _runtime.Run(["true"], config => HookConfig.Add(config, "poststop", "echo wrong >&2; exit 1"));

        Assert.Equal(
            "tare-oci: warning: error running poststop hook #0: exit status 1, stdout: , stderr: wrong\n",
            run.ShouldSucceed().Errors
        );
    }

    [Fact]
    public void A_hook_after_the_end_that_fails_is_a_warning_and_the_next_is_run()
    {
        string log = _folder.At("log");
        OciContainer container = _runtime.Create(edit: config =>
        {
            HookConfig.Add(config, "poststop", "echo wrong >&2; exit 1");
            HookConfig.Add(config, "poststop", $"touch {AfterEnd}");
        });
        container.Start().Stop();

        ToolResult delete = _runtime.Do("--log", log, "delete", container.Id);

        Assert.Equal("", delete.ShouldSucceed().Errors);
        Assert.Contains(
            "level=warning msg=\"error running poststop hook #0: exit status 1, stdout: , stderr: wrong\"",
            File.ReadAllText(log),
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(AfterEnd));
        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void No_hook_is_run_for_a_container_that_could_not_be_made()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                ConfigMounts.Add(config, "/tmp", "no-such-type", "none");
                HookConfig.Add(config, "createRuntime", $"touch {_folder.At("ran")}");
                HookConfig.Add(config, "poststop", $"touch {AfterEnd}");
            }
        );

        _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.False(File.Exists(_folder.At("ran")));
        Assert.False(File.Exists(AfterEnd));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Theory]
    [InlineData("prestart", "run")]
    [InlineData("createContainer", "create")]
    [InlineData("startContainer", "run")]
    [InlineData("poststart", "run")]
    public void Nothing_is_left_after_the_next_start_when_the_runtime_is_killed_while_a_hook_runs(
        string kind,
        string command
    )
    {
        string id = _runtime.NewId();
        string here = HookConfig.FolderOf(kind, _folder.Path);
        Bundle bundle = _runtime.NewBundle(
            ["sleep", "1000"],
            config =>
            {
                HookConfig.Share(config, _folder.Path);
                HookConfig.Add(config, "poststop", $"touch {AfterEnd}");
                HookConfig.Add(config, kind, $"touch {here}/file; mkfifo {here}/never; exec cat {here}/never");
            }
        );
        RunningTool killed = _runtime.Start(command, "--bundle", bundle.Path, id);
        Tool.Run("sh", "-c", $"until [ -p {_folder.At("never")} ]; do :; done").ShouldSucceed();

        killed.Kill();
        killed.WaitForExit();
        Traces.WaitForProcesses(_folder.Path);
        Traces.WaitForMark(_runtime.Root, id);
        _runtime.Run(["true"]).ShouldSucceed();

        Assert.True(File.Exists(AfterEnd));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path, _folder.Path);
    }

    [Theory]
    [InlineData("""{"path":"bin/true"}""", "hooks.poststart[0].path: 'bin/true' is not absolute (begin it with '/')")]
    [InlineData("""{"path":"/bin/true","timeout":0}""", "hooks.poststart[0].timeout: ")]
    [InlineData("""{"path":"/bin/true","timeout":-1}""", "hooks.poststart[0].timeout: ")]
    [InlineData("""{"args":["true"]}""", "hooks.poststart[0].path: is missing")]
    [InlineData("""{"path":"/bin/true","env":["A=\u0000"]}""", "hooks.poststart[0].env[0]: ")]
    public void A_hook_that_makes_no_sense_is_refused_by_name(string hook, string message)
    {
        ToolResult run = _runtime.Run(
            ["true"],
            config => HookConfig.Add(config, "poststart", JsonNode.Parse(hook)!.AsObject())
        );

        Assert.Contains(message, run.ShouldExitWith(1).Errors, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _runtime.Dispose();
        _folder.Dispose();
    }

    private (string Id, Bundle Bundle, ToolResult Failed) Fail(
        string kind,
        bool runs,
        string script,
        int? timeout = null
    )
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["sleep", "1000"],
            config =>
            {
                HookConfig.Share(config, _folder.Path);
                HookConfig.Add(config, kind, script);
                config["hooks"]![kind]![0]!["timeout"] = timeout;
                HookConfig.Add(config, "poststop", $"touch {AfterEnd}");
            }
        );
        if (runs)
        {
            return (id, bundle, _runtime.Do("run", "--bundle", bundle.Path, id));
        }

        RunningTool create = _runtime.Start("create", "--bundle", bundle.Path, id);
        bool creates = kind is "startContainer" or "poststart";
        Assert.Equal(creates ? 0 : 1, create.WaitForExit());
        return (id, bundle, creates ? _runtime.Do("start", id) : create.Wait());
    }
}
