using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Terminal = Tare.Linux.Terminals;

namespace Tare.OciCli.Tests;

public sealed class ConsoleSocketTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly ListeningSocket _socket;

    public ConsoleSocketTests() => _socket = new ListeningSocket(_runtime.Folder.At("console.sock"));

    [Fact]
    public void The_terminals_other_side_comes_in_one_message_with_its_name()
    {
        OciContainer container = CreateWithTerminal("echo shown; cat");

        (string name, FileFd master) = _socket.Take();
        using TerminalSide terminal = new(master);
        container.Start();

        Assert.Equal("/dev/ptmx", name);
        terminal.WaitForText("shown\r\n");
        terminal.Type("typed\n");
        terminal.WaitForText("typed\r\ntyped\r\n");
    }

    [Fact]
    public void The_terminal_belongs_to_the_containers_own_devpts_and_controls_its_session()
    {
        OciContainer container = CreateWithTerminal(
            "tty; test -t 0 && test -t 1 && test -t 2 && echo on all streams; echo by name >/dev/tty; "
                + "cut -d' ' -f1,5,6,8 /proc/self/stat; ls /dev/pts"
        );
        using TerminalSide terminal = new(_socket.Take().Descriptor);

        container.Start();

        string[] lines = Lines(terminal.ReadToEnd());
        Assert.Equal(["/dev/pts/0", "on all streams", "by name"], lines[..3]);
        int[] ids = [.. lines[3].Split(' ').Select(int.Parse)];
        Assert.Equal(ids[1], ids[3]);
        Assert.Equal(1, ids[2]);
        Assert.Equal(["0", "ptmx"], lines[4].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void What_is_written_to_the_console_is_shown_on_the_terminal()
    {
        OciContainer container = CreateWithTerminal(
            "stat -c '%t:%T' /dev/console /dev/pts/0; echo to the console >/dev/console"
        );
        using TerminalSide terminal = new(_socket.Take().Descriptor);

        container.Start();

        string[] lines = Lines(terminal.ReadToEnd());
        Assert.Equal(lines[0], lines[1]);
        Assert.StartsWith("88:", lines[0], StringComparison.Ordinal);
        Assert.Equal("to the console", lines[2]);
    }

    [Fact]
    public void The_terminal_has_the_size_that_the_configuration_gives_it_and_takes_another()
    {
        OciContainer container = CreateWithTerminal(
            "stty size; read line; stty size",
            config => config["process"]!["consoleSize"] = new JsonObject { ["height"] = 33, ["width"] = 111 }
        );
        using TerminalSide terminal = new(_socket.Take().Descriptor);
        container.Start();
        terminal.WaitForText("33 111\r\n");

        Terminal.SetSize(terminal.Master, new WinSize { Rows = 5, Columns = 7 }).OrThrow("set the size");
        terminal.Type("\n");

        terminal.WaitForText("5 7\r\n");
    }

    [Fact]
    public void The_terminal_is_the_programs_users()
    {
        OciContainer container = CreateWithTerminal(
            "stat -c '%u' /dev/pts/0; tty",
            config => config["process"]!["user"] = new JsonObject { ["uid"] = 1234, ["gid"] = 5 }
        );
        using TerminalSide terminal = new(_socket.Take().Descriptor);

        container.Start();

        Assert.Equal(["1234", "/dev/pts/0"], Lines(terminal.ReadToEnd()));
    }

    [Fact]
    public void Keys_that_mean_signals_send_them()
    {
        OciContainer container = CreateWithTerminal(
            "trap 'echo interrupted' INT; echo ready; while :; do sleep 0.01; done"
        );
        using TerminalSide terminal = new(_socket.Take().Descriptor);
        container.Start();
        terminal.WaitForText("ready");

        terminal.Type("\x03");

        terminal.WaitForText("interrupted");
    }

    [Fact]
    public void When_the_other_side_is_closed_the_program_is_hung_up()
    {
        OciContainer container = CreateWithTerminal("exec cat");
        using Ending ending = Ending.Of(container.ProcessId);
        using (TerminalSide terminal = new(_socket.Take().Descriptor))
        {
            container.Start();
        }

        ending.Wait();
        Assert.Equal("stopped", container.Status);
    }

    [Fact]
    public void A_detached_run_has_its_terminal_too()
    {
        string id = _runtime.NewId();
        RunningTool run = _runtime.Start(
            "run",
            "--detach",
            "--console-socket",
            _socket.Path,
            "--bundle",
            _runtime.NewBundle(["sh", "-c", "echo shown; cat"], SetTerminal).Path,
            id
        );
        Assert.Equal(0, run.WaitForExit());

        using TerminalSide terminal = new(_socket.Take().Descriptor);

        terminal.WaitForText("shown");
    }

    [Fact]
    public void A_program_that_is_added_gets_a_terminal_of_the_containers_devpts()
    {
        OciContainer container = _runtime.Create().Start();
        RunningTool exec = _runtime.Start(
            "exec",
            "--tty",
            "--detach",
            "--console-socket",
            _socket.Path,
            container.Id,
            "sh",
            "-c",
            "tty; echo by name >/dev/tty; cat"
        );
        Assert.Equal(0, exec.WaitForExit());

        (string name, FileFd master) = _socket.Take();
        using TerminalSide terminal = new(master);

        Assert.Equal("/dev/ptmx", name);
        terminal.WaitForText("/dev/pts/0\r\nby name\r\n");
        terminal.Type("typed\n");
        terminal.WaitForText("typed\r\ntyped\r\n");
    }

    [Fact]
    public void A_terminal_for_a_detached_container_needs_a_socket()
    {
        Bundle bundle = _runtime.NewBundle(["sh"], SetTerminal);
        string id = _runtime.NewId();
        const string Message =
            "tare-oci: process.terminal: cannot allocate a terminal for a detached container without a console socket "
            + "(give --console-socket)\n";

        Assert.Equal(Message, _runtime.Do("create", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors);
        Assert.Equal(Message, _runtime.Do("run", "-d", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_socket_without_a_terminal_is_an_error()
    {
        Bundle bundle = _runtime.NewBundle(["sh"]);
        string id = _runtime.NewId();

        Assert.Equal(
            "tare-oci: process.terminal: cannot use a console socket without a terminal "
                + "(set it to true, or leave --console-socket out)\n",
            _runtime
                .Do("create", "--console-socket", _socket.Path, "--bundle", bundle.Path, id)
                .ShouldExitWith(1)
                .Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Exec_has_the_same_rules()
    {
        OciContainer container = _runtime.Create().Start();

        Assert.Equal(
            "tare-oci: cannot allocate a terminal for a detached program without a console socket (give --console-socket)\n",
            _runtime.Do("exec", "-t", "-d", container.Id, "true").ShouldExitWith(255).Errors
        );
        Assert.Equal(
            "tare-oci: cannot use a console socket without a terminal (leave --console-socket out)\n",
            _runtime.Do("exec", "-d", "--console-socket", _socket.Path, container.Id, "true").ShouldExitWith(255).Errors
        );
    }

    [Theory]
    [InlineData("/nowhere/console.sock", "ENOENT")]
    [InlineData("{0}/file", "ECONNREFUSED")]
    public void A_socket_on_which_nobody_listens_is_an_error(string path, string errno)
    {
        _runtime.Folder.Write("file", "");
        path = path.Replace("{0}", _runtime.Folder.Path, StringComparison.Ordinal);
        Bundle bundle = _runtime.NewBundle(["sh"], SetTerminal);
        string id = _runtime.NewId();

        Assert.Equal(
            $"tare-oci: connect to the --console-socket '{path}': {errno} (somebody must listen)\n",
            _runtime.Do("create", "--console-socket", path, "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _runtime.Dispose();
    }

    private static void SetTerminal(JsonObject config) => config["process"]!["terminal"] = true;

    private static string[] Lines(string shown) => shown.TrimEnd().Split("\r\n");

    private OciContainer CreateWithTerminal(string script, Action<JsonObject>? edit = null) =>
        _runtime.Create(
            ["sh", "-c", script],
            config =>
            {
                SetTerminal(config);
                edit?.Invoke(config);
            },
            ["--console-socket", _socket.Path]
        );
}
