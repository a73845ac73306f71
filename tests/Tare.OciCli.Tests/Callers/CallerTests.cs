using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>The runtime as containerd's shim, conmon and Podman call it.</summary>
public sealed class CallerTests : IDisposable
{
    // prctl(PR_SET_CHILD_SUBREAPER), then create, start, and wait for the container as for a child.
    private const string Shim = """
        syscall(157, 36, 1, 0, 0, 0) == 0 or die "no subreaper";
        my ($runtime, $root, $bundle, $file, $id) = @ARGV;
        system($runtime, "--root", $root, "create", "--bundle", $bundle, "--pid-file", $file, $id) == 0 or die "create";
        open(my $pid, "<", $file) or die; my $container = <$pid>; close($pid);
        open(my $stat, "<", "/proc/$container/stat") or die; my @fields = split(/ /, (split(/\) /, <$stat>))[1]); close($stat);
        print "parent is the shim\n" if $fields[1] == $$;
        system($runtime, "--root", $root, "start", $id) == 0 or die "start";
        waitpid($container, 0) == $container or die "wait";
        print "exit status ", $? >> 8, "\n";
        system($runtime, "--root", $root, "delete", $id) == 0 or die "delete";
        """;

    private readonly OciRuntime _runtime = new();

    [Fact]
    public void The_containers_process_becomes_the_callers_child_and_its_status_can_be_waited_for()
    {
        Assert.SkipUnless(
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                == System.Runtime.InteropServices.Architecture.X64,
            "the script has the number of prctl on x86_64"
        );
        string id = _runtime.NewId();

        ToolResult shim = Tool.Run(
            Require.Program("perl"),
            "-e",
            Shim,
            OciRuntime.Program,
            _runtime.Root,
            _runtime.NewBundle(["sh", "-c", "exit 7"]).Path,
            _runtime.Folder.At("pid"),
            id
        );

        Assert.Equal(["parent is the shim", "exit status 7"], shim.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_caller_whose_working_directory_has_been_removed_is_understood_by_absolute_paths()
    {
        const string Gone = "mkdir \"$1\"; cd \"$1\"; rmdir \"$1\"; shift; oci run \"$@\"";
        string bundle = _runtime.NewBundle(["echo", "ran"]).Path;
        string folder = _runtime.Folder.At("gone");
        string pidFile = _runtime.Folder.At("pid");

        Assert.Equal(
            "ran\n",
            _runtime
                .Shell(Gone, folder, "--bundle", bundle, "--pid-file", pidFile, _runtime.NewId())
                .ShouldSucceed()
                .Output
        );
        ToolResult refused = _runtime.Shell(Gone, folder, "--bundle", bundle, "--pid-file", "pid", _runtime.NewId());

        Assert.Equal(
            "tare-oci: find the working directory for 'pid': ENOENT (change to another one, or give absolute paths)\n",
            refused.ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void A_container_outlives_a_caller_that_takes_the_runtime_with_it()
    {
        string id = _runtime.NewId();

        RunningTool create = Tool.Start(
            Require.Program("setpriv"),
            "--pdeathsig",
            "KILL",
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            "create",
            "--bundle",
            _runtime.NewBundle(["sleep", "1000"]).Path,
            id
        );

        Assert.Equal(0, create.WaitForExit());
        Assert.Equal("created", (string?)JsonNode.Parse(_runtime.Do("state", id).ShouldSucceed().Output)!["status"]);
    }

    [Fact]
    public void Containerds_shim_creates_runs_and_deletes_a_container()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        string pidFile = Path.Combine(bundle.Path, "init.pid");
        string[] options = ["--log", Path.Combine(bundle.Path, "log.json"), "--log-format", "json"];
        string process = _runtime.Folder.Write(
            "process.json",
            """{"args":["echo","from exec"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0}}"""
        );

        Assert.Equal(
            0,
            _runtime
                .Start([
                    .. options,
                    "create",
                    "--bundle",
                    bundle.Path,
                    "--pid-file",
                    pidFile,
                    "--no-pivot",
                    "--no-new-keyring",
                    id,
                ])
                .WaitForExit()
        );
        _runtime.Do([.. options, "start", id]).ShouldSucceed();
        Assert.Equal(
            File.ReadAllText(pidFile),
            (string?)
                JsonNode.Parse(_runtime.Do([.. options, "ps", "--format", "json", id]).ShouldSucceed().Output)![
                    0
                ]!.ToJsonString()
        );
        RunningTool exec = _runtime.Start([
            .. options,
            "exec",
            "--process",
            process,
            "--detach",
            "--pid-file",
            _runtime.Folder.At("exec.pid"),
            id,
        ]);
        Assert.Equal(0, exec.WaitForExit());
        exec.WaitForText("from exec");
        _runtime.Do([.. options, "pause", id]).ShouldSucceed();
        _runtime.Do([.. options, "resume", id]).ShouldSucceed();
        _runtime.Do([.. options, "kill", "--all", id, "9"]).ShouldSucceed();
        _runtime.Do([.. options, "delete", "--force", id]).ShouldSucceed();
        ToolResult again = _runtime.Do([.. options, "kill", id, "9"]).ShouldExitWith(1);

        string last = File.ReadAllLines(Path.Combine(bundle.Path, "log.json"))[^1];
        Assert.Contains("does not exist", (string?)JsonNode.Parse(last)!["msg"], StringComparison.Ordinal);
        Assert.Contains("does not exist", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Conmon_creates_a_container_and_adds_a_program_with_a_terminal()
    {
        using ListeningSocket socket = new(_runtime.Folder.At("attach.sock"));
        string id = _runtime.NewId();
        string process = _runtime.Folder.Write(
            "process.json",
            """{"terminal":true,"args":["tty"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0}}"""
        );
        Assert.Equal(
            0,
            _runtime
                .Start(
                    "create",
                    "--bundle",
                    _runtime.NewBundle(["sleep", "1000"]).Path,
                    "--pid-file",
                    _runtime.Folder.At("pid"),
                    id
                )
                .WaitForExit()
        );
        _runtime.Do("start", id).ShouldSucceed();

        RunningTool exec = _runtime.Start(
            "exec",
            "--pid-file",
            _runtime.Folder.At("exec.pid"),
            "--process",
            process,
            "--detach",
            "--console-socket",
            socket.Path,
            id
        );

        Assert.Equal(0, exec.WaitForExit());
        using TerminalSide terminal = new(socket.Take().Descriptor);
        Assert.Equal("/dev/pts/0\r\n", terminal.ReadToEnd());
    }

    [Fact]
    public void Pipes_of_the_caller_stay_open_as_long_as_the_containers_program_has_them()
    {
        OciContainer container = _runtime.Create(["sh", "-c", "cat; echo end"]);
        container.Start();

        container.Creation.Input.Write("through the pipe\n");
        container.Creation.WaitForText("through the pipe");
        container.Creation.Input.Close();

        container.Creation.WaitForText("end");
        Assert.Equal("through the pipe\nend\n", container.Creation.Wait().Output);
    }

    public void Dispose() => _runtime.Dispose();
}
