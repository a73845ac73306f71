using System.Text.Json.Nodes;
using Tare.Callers.Tests.Machine;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Conmon;

/// <summary>conmon without an engine, called as CRI-O and Podman call it.</summary>
public sealed class ConmonTests(ConmonMachine conmon) : IClassFixture<ConmonMachine>, IDisposable
{
    // conmon goes to the background. What became of `create` comes through the descriptor of _OCI_SYNCPIPE, and the end of
    // the container is told by the exit command, which writes to a FIFO.
    private const string Call = """
        folder=$1; shift
        mkdir -p "$folder/exits"
        mkfifo "$folder/sync" "$folder/ended"
        exec 4<>"$folder/sync"
        _OCI_SYNCPIPE=3 "$@" 3>&4 4>&- >/dev/null 2>&1 </dev/null &
        read -r answer <&4
        echo "$answer"
        """;

    private readonly string _name = $"c{Guid.NewGuid():N}";
    private readonly List<Bundle> _bundles = [];

    [Fact]
    public void The_log_and_the_exit_status_of_a_container_are_kept()
    {
        JsonNode created = Create(["sh", "-c", "echo out; echo err >&2; exit 7"]);

        Assert.True((int)created["data"]! > 1, created.ToJsonString());
        Runtime("start", _name).ShouldSucceed();
        WaitForEnd();

        Assert.Equal("7", File.ReadAllText(conmon.Machine.At($"/home/{_name}/exits/{_name}")));
        string[] log =
        [
            .. File.ReadLines(conmon.Machine.At($"/home/{_name}/log"))
                .Order(StringComparer.Ordinal)
                .Select(line => line[(line.IndexOf(' ') + 1)..])
                .Order(),
        ];
        Assert.Equal(["stderr F err", "stdout F out"], log);
        Runtime("delete", _name).ShouldSucceed();
    }

    [Fact]
    public void Nothing_of_conmons_reaches_the_program()
    {
        Create(["sh", "-c", "env; ls /proc/self/fd"]);

        Runtime("start", _name).ShouldSucceed();
        WaitForEnd();

        string log = File.ReadAllText(conmon.Machine.At($"/home/{_name}/log"));
        Assert.Contains("PATH=", log, StringComparison.Ordinal);
        Assert.DoesNotContain("_OCI_", log, StringComparison.Ordinal);
        Assert.DoesNotMatch("stdout F [4-9]\n", log);
        Runtime("delete", _name).ShouldSucceed();
    }

    [Fact]
    public void A_terminal_is_handed_to_conmon()
    {
        Create(["sh", "-c", "tty; exit 4"], terminal: true);

        Runtime("start", _name).ShouldSucceed();
        WaitForEnd();

        Assert.Contains(
            "/dev/pts/0",
            File.ReadAllText(conmon.Machine.At($"/home/{_name}/log")),
            StringComparison.Ordinal
        );
        Assert.Equal("4", File.ReadAllText(conmon.Machine.At($"/home/{_name}/exits/{_name}")));
        Runtime("delete", _name).ShouldSucceed();
    }

    [Fact]
    public void What_the_runtime_says_of_a_container_that_it_cannot_make_is_handed_on()
    {
        JsonNode failed = Create(["nowhere"]);

        Assert.Equal(-1, (int)failed["data"]!);
        Assert.Contains("executable file not found in $PATH", (string)failed["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_added_to_a_container()
    {
        Create(["sleep", "1000"]);
        Runtime("start", _name).ShouldSucceed();
        conmon.Machine.Write(
            $"/home/{_name}-exec/process.json",
            """{"args": ["sh", "-c", "echo added; exit 6"], "cwd": "/", "user": {"uid": 0, "gid": 0}, "env": ["PATH=/bin"]}"""
        );

        string[] answers = Conmon(
                $"{_name}-exec",
                "--exec",
                "--exec-process-spec",
                $"/home/{_name}-exec/process.json",
                "--cid",
                _name,
                "--bundle",
                _bundles[0].Path
            )
            .ShouldSucceed()
            .Lines;
        WaitForEnd($"{_name}-exec");

        Assert.True((int)JsonNode.Parse(answers[0])!["data"]! > 1, answers[0]);
        Assert.EndsWith(
            "stdout F added\n",
            File.ReadAllText(conmon.Machine.At($"/home/{_name}-exec/log")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "6",
            Directory.GetFiles(conmon.Machine.At($"/home/{_name}-exec/exits")).Select(File.ReadAllText).Single()
        );
        Runtime("delete", "--force", _name).ShouldSucceed();
        WaitForEnd();
    }

    public void Dispose()
    {
        Runtime("delete", "--force", _name);
        _bundles.ForEach(bundle => bundle.Dispose());
    }

    private ToolResult Runtime(params string[] command) => conmon.Machine.Run([PrivateMachine.Runtime, .. command]);

    private void WaitForEnd(string? folder = null) =>
        conmon.Machine.Run("cat", $"/home/{folder ?? _name}/ended").ShouldSucceed();

    private JsonNode Create(string[] program, bool terminal = false)
    {
        Bundle bundle = new(program, edit: config => config["process"]!["terminal"] = terminal);
        _bundles.Add(bundle);
        string[] options = ["--cid", _name, "--bundle", bundle.Path, .. terminal ? new[] { "--terminal" } : []];
        return JsonNode.Parse(Conmon(_name, options).ShouldSucceed().Lines[0])!;
    }

    private ToolResult Conmon(string folder, params string[] options) =>
        conmon.Machine.Run([
            "bash",
            "-c",
            Call,
            "bash",
            $"/home/{folder}",
            "conmon",
            "--api-version=1",
            "--cuuid",
            _name,
            "--name",
            _name,
            "--runtime",
            PrivateMachine.Runtime,
            "--container-pidfile",
            $"/home/{folder}/pid",
            "--conmon-pidfile",
            $"/home/{folder}/conmon-pid",
            "--log-path",
            $"k8s-file:/home/{folder}/log",
            "--exit-dir",
            $"/home/{folder}/exits",
            "--socket-dir-path",
            $"/home/{folder}",
            "--persist-dir",
            $"/home/{folder}",
            "--exit-command",
            "/bin/sh",
            "--exit-command-arg",
            "-c",
            "--exit-command-arg",
            $"echo >/home/{folder}/ended",
            .. options,
        ]);
}
