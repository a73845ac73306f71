using System.Globalization;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>
/// The runtime itself is killed at each of its system calls that change something, or the call fails, in turn. strace(1)
/// does so; what the child does is another test's.
/// </summary>
public sealed class InterruptedRuntimeTests : IDisposable
{
    private const string Changing =
        "mkdirat,mknodat,renameat,renameat2,unlinkat,write,flock,clone3,sendmsg,pidfd_send_signal,waitid,exit_group";

    private readonly OciRuntime _runtime = new();
    private readonly Bundle _bundle;
    private readonly Bundle _next;
    private readonly string _nextId;
    private readonly string _pidFile;

    public InterruptedRuntimeTests()
    {
        Require.Program("strace");
        _bundle = _runtime.NewBundle(["true"]);
        _next = _runtime.NewBundle(["true"]);
        _nextId = _runtime.NewId();
        _pidFile = _runtime.Folder.At("pid");
    }

    [Fact]
    public void A_killed_create_leaves_nothing_after_the_next_start() =>
        KillAtEachCall(() => { }, id => ["create", "--pid-file", _pidFile, "--bundle", _bundle.Path, id]);

    [Fact]
    public void A_killed_run_leaves_nothing_after_the_next_start() =>
        KillAtEachCall(() => { }, id => ["run", "--pid-file", _pidFile, "--bundle", _bundle.Path, id]);

    [Fact]
    public void A_killed_start_leaves_a_container_that_can_be_deleted() =>
        KillAtEachCall(Create, id => ["start", id], delete: true);

    [Fact]
    public void A_killed_delete_is_finished_by_the_next_start() =>
        KillAtEachCall(Create, id => ["delete", id], delete: true);

    [Fact]
    public void Nothing_is_left_of_a_create_of_which_any_call_fails() =>
        FailEachCall(id => ["create", "--pid-file", _pidFile, "--bundle", _bundle.Path, id]);

    [Fact]
    public void Nothing_is_left_of_a_run_of_which_any_call_fails() =>
        FailEachCall(id => ["run", "--pid-file", _pidFile, "--bundle", _bundle.Path, id]);

    public void Dispose() => _runtime.Dispose();

    private string _id = "";

    private void Create() => Assert.Equal(0, _runtime.Start("create", "--bundle", _bundle.Path, _id).WaitForExit());

    private void KillAtEachCall(Action prepare, Func<string, string[]> command, bool delete = false)
    {
        int killed = 0;
        for (int call = 1; ; call++)
        {
            _id = _runtime.NewId();
            prepare();
            int status = Inject($"signal=KILL:when={call.ToString(CultureInfo.InvariantCulture)}", command(_id), out _);
            if (status is 137 or -1)
            {
                killed++;
            }

            if (delete || status == 0)
            {
                // Its end may have been the killed call's effect.
                _runtime.Do("delete", "--force", _id).ShouldSucceed();
            }

            _runtime.Do("run", "--bundle", _next.Path, _nextId).ShouldSucceed();
            Traces.ShouldBeNone(_runtime.Root, _id, _bundle.Path);
            if (status == 0)
            {
                File.Delete(_pidFile);
                break;
            }

            Assert.False(File.Exists(_pidFile), $"call {call} leaves the pid file");
        }

        Assert.True(killed > 2, $"killed {killed} times only");
    }

    private void FailEachCall(Func<string, string[]> command)
    {
        int failed = 0;
        for (int call = 1; ; call++)
        {
            _id = _runtime.NewId();
            int status = Inject(
                $"error=EIO:when={call.ToString(CultureInfo.InvariantCulture)}",
                command(_id),
                out string errors
            );
            if (status == 0)
            {
                _runtime.Do("delete", "--force", _id).ShouldSucceed();
                File.Delete(_pidFile);
            }
            else
            {
                failed++;
                Assert.Equal(1, status);
                Assert.Single(errors.TrimEnd('\n').Split('\n'));
                Assert.False(File.Exists(_pidFile), $"call {call} leaves the pid file");
            }

            Traces.ShouldBeNone(_runtime.Root, _id, _bundle.Path);
            if (!_injected)
            {
                break;
            }
        }

        Assert.True(failed > 10, $"failed {failed} times only");
    }

    private bool _injected;

    // The runtime's exit status, and what it said. The command's standard streams may stay open in a container.
    private int Inject(string what, string[] words, out string errors)
    {
        string trace = _runtime.Folder.At("trace");
        using RunningTool tool = Tool.Start(
            "strace",
            [
                "-qq",
                "-o",
                trace,
                "-e",
                $"trace={Changing}",
                "-e",
                $"inject={Changing}:{what}",
                OciRuntime.Program,
                "--root",
                _runtime.Root,
                .. words,
            ],
            new ToolOptions()
        );
        int status = tool.WaitForExit();
        _injected = File.ReadAllText(trace).Contains("(INJECTED)", StringComparison.Ordinal);
        errors = tool.Errors;
        return status;
    }
}
