using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>
/// The runtime itself is killed at each of its system calls that change something, or the call fails, in turn. strace(1)
/// does so; what the child does is another test's.
/// </summary>
public sealed class InterruptedRuntimeTests : IDisposable
{
    private static readonly string[] Changing =
    [
        "mkdirat",
        "mknodat",
        "renameat",
        "unlinkat",
        "ftruncate",
        "write",
        "pwrite64",
        "flock",
        "clone3",
        "sendmsg",
        "pidfd_send_signal",
    ];

    private readonly OciRuntime _runtime = new();
    private readonly Bundle _bundle;
    private readonly Bundle _next;
    private readonly string _nextId;
    private readonly string _pidFile;
    private string _id = "";

    private string Trace => _runtime.Folder.At("trace");

    public InterruptedRuntimeTests()
    {
        Require.Program("strace");
        _bundle = _runtime.NewBundle(["echo", "it ran"]);
        _next = _runtime.NewBundle(["true"]);
        _nextId = _runtime.NewId();
        _pidFile = _runtime.Folder.At("pid");
    }

    [Fact]
    public void A_killed_create_leaves_nothing_after_the_next_start() =>
        KillAtEachCall(() => { }, id => ["create", "--pid-file", _pidFile, "--bundle", _bundle.Path, id], least: 30);

    [Fact]
    public void A_killed_run_leaves_nothing_after_the_next_start() =>
        KillAtEachCall(() => { }, id => ["run", "--bundle", _bundle.Path, id], least: 30);

    [Fact]
    public void A_killed_start_leaves_a_container_that_can_be_deleted() =>
        KillAtEachCall(Create, id => ["start", id], least: 4, deletes: true);

    [Fact]
    public void A_killed_delete_is_finished_by_the_next_start_or_has_not_begun() =>
        KillAtEachCall(Create, id => ["delete", id], least: 10, deletes: true);

    [Fact]
    public void Nothing_is_left_of_a_create_of_which_any_call_fails() =>
        FailEachCall(id => ["create", "--pid-file", _pidFile, "--bundle", _bundle.Path, id]);

    [Fact]
    public void Nothing_is_left_of_a_run_of_which_any_call_fails() =>
        FailEachCall(id => ["run", "--bundle", _bundle.Path, id]);

    [Fact]
    public void Memory_that_the_kernel_itself_holds_for_a_moment_is_sealed_a_little_later()
    {
        int sealing = NumberOfFirstSealing();

        (int status, bool ran, string errors, bool injected) = Inject(
            "fcntl",
            $"{sealing}..{sealing + 1}",
            "error=EBUSY",
            ["run", "--bundle", _bundle.Path, _runtime.NewId()]
        );

        Assert.Equal((0, true, "", true), (status, ran, errors, injected));
    }

    [Fact]
    public void Memory_that_stays_in_use_is_an_error_that_leaves_nothing()
    {
        int sealing = NumberOfFirstSealing();
        _id = _runtime.NewId();

        (int status, bool ran, string errors, _) = Inject(
            "fcntl",
            $"{sealing}..{sealing + 9}",
            "error=EBUSY",
            ["run", "--bundle", _bundle.Path, _id]
        );

        Assert.Equal((1, false), (status, ran));
        Assert.Contains("EBUSY", Assert.Single(errors.TrimEnd('\n').Split('\n')));
        Traces.ShouldBeNone(_runtime.Root, _id, _bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private void Create() => Assert.Equal(0, _runtime.Start("create", "--bundle", _bundle.Path, _id).WaitForExit());

    private void KillAtEachCall(Action prepare, Func<string, string[]> command, int least, bool deletes = false)
    {
        int killed = 0;
        foreach (string call in Changing)
        {
            for (int number = 1; ; number++)
            {
                _id = _runtime.NewId();
                prepare();
                (int status, _, _, bool injected) = Inject(call, $"{number}", "signal=KILL", command(_id));
                Assert.Equal(injected ? 137 : 0, status);
                killed += injected ? 1 : 0;
                Traces.WaitForProcesses(deletes ? [] : [_id]);
                Traces.WaitForMark(_runtime.Root, _id);
                _runtime.Do("run", "--bundle", _next.Path, _nextId).ShouldSucceed();
                if (deletes || _runtime.HasMade(_id))
                {
                    // A container that was made to its end, and whose removal has not begun.
                    _runtime.Do("delete", "--force", _id).ShouldSucceed();
                    File.Delete(_pidFile);
                }

                Traces.ShouldBeNone(_runtime.Root, _id, _bundle.Path);
                if (!injected)
                {
                    File.Delete(_pidFile);
                    break;
                }

                Assert.False(File.Exists(_pidFile), $"{call} number {number} leaves the pid file");
            }
        }

        Assert.True(killed >= least, $"killed {killed} times only");
    }

    private void FailEachCall(Func<string, string[]> command)
    {
        int failed = 0;
        foreach (string call in Changing)
        {
            // The first thread is the language's own.
            for (int number = call == "clone3" ? 2 : 1; ; number++)
            {
                _id = _runtime.NewId();
                (int status, bool ran, string errors, bool injected) = Inject(
                    call,
                    $"{number}",
                    "error=EIO",
                    command(_id)
                );
                if (status != 0)
                {
                    failed++;
                    Assert.True(status == 1, $"{call} number {number}: exit status {status}\n{errors}");
                    Assert.Single(errors.TrimEnd('\n').Split('\n'));
                }

                if (status == 0 || _runtime.HasMade(_id))
                {
                    _runtime.Do("delete", "--force", _id).ShouldSucceed();
                    File.Delete(_pidFile);
                }
                else if (ran)
                {
                    // What failed was the removal, and it had begun.
                    _runtime.Do("run", "--bundle", _next.Path, _nextId).ShouldSucceed();
                }

                Assert.False(File.Exists(_pidFile), $"{call} number {number} leaves the pid file");
                Traces.ShouldBeNone(_runtime.Root, _id, _bundle.Path);
                if (!injected)
                {
                    break;
                }
            }
        }

        Assert.True(failed > 20, $"failed {failed} times only");
    }

    // Which of the calls of fcntl(2) that a run makes seals memory, counted from 1.
    private int NumberOfFirstSealing()
    {
        const string Never = "1000";
        Assert.Equal(
            0,
            Inject("fcntl", Never, "error=EIO", ["run", "--bundle", _bundle.Path, _runtime.NewId()]).Status
        );
        return 1 + Array.FindIndex(File.ReadAllLines(Trace), line => line.Contains("F_ADD_SEALS"));
    }

    // The runtime's exit status, whether the program ran, what the runtime said, and whether it came to that call. Its
    // standard streams may stay open in a container.
    private (int Status, bool Ran, string Errors, bool Injected) Inject(
        string call,
        string when,
        string what,
        string[] words
    )
    {
        using RunningTool tool = Tool.Start(
            "strace",
            [
                "-qq",
                "-o",
                Trace,
                "-e",
                $"trace={call}",
                "-e",
                $"inject={call}:{what}:when={when}",
                OciRuntime.Program,
                "--root",
                _runtime.Root,
                .. words,
            ],
            new ToolOptions()
        );
        int status = tool.WaitForExit();
        string text = File.ReadAllText(Trace);
        bool injected =
            text.Contains("(INJECTED)", StringComparison.Ordinal)
            || text.Contains("+++ killed by SIGKILL +++", StringComparison.Ordinal);
        return (status, tool.Output.Contains("it ran", StringComparison.Ordinal), tool.Errors, injected);
    }
}
