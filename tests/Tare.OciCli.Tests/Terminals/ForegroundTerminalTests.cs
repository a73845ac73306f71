using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>A program with a terminal in the foreground: what a person types reaches it, what it shows is seen.</summary>
public sealed class ForegroundTerminalTests : IDisposable
{
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";
    private const string CtrlZ = "\x1a";
    private const string CtrlBackslash = "\x1c";

    private readonly OciRuntime _runtime = new();

    public static TheoryData<string> Commands => new("run", "exec");

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_terminal_is_the_containers_own_and_as_large_as_the_persons(string command)
    {
        using PersonsTerminal terminal = Start(command, "tty; stty size; exit 7", new PersonsTerminal(33, 111));

        Assert.Equal((7, "/dev/pts/0\n33 111\n"), terminal.WaitForEnd());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_is_typed_reaches_the_program_and_its_end_ends_the_runtime(string command)
    {
        using PersonsTerminal terminal = Start(command, "echo ready; cat; echo over");
        terminal.Screen.WaitForText("ready\r\n");

        terminal.Screen.Type("a line\r");
        terminal.Screen.WaitForText("a line\r\na line\r\n");
        terminal.Screen.Type(CtrlD);

        Assert.Equal((0, "ready\na line\na line\nover\n"), terminal.WaitForEnd());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Keys_send_signals_to_the_program_and_not_to_the_runtime(string command)
    {
        using PersonsTerminal terminal = Start(
            command,
            "trap 'echo interrupted' INT; trap 'echo quit; exit 9' QUIT; echo ready; while :; do sleep 0.01; done"
        );
        terminal.Screen.WaitForText("ready");

        terminal.Screen.Type(CtrlC);
        terminal.Screen.WaitForText("interrupted");
        terminal.Screen.Type(CtrlBackslash);

        Assert.Equal(9, terminal.WaitForEnd().Status);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_change_of_size_reaches_the_program(string command)
    {
        using PersonsTerminal terminal = Start(
            command,
            "trap 'stty size' WINCH; echo ready; while :; do sleep 0.01; done"
        );
        terminal.Screen.WaitForText("ready");

        terminal.Resize(41, 99);

        terminal.Screen.WaitForText("41 99");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_shell_stops_and_continues_jobs(string command)
    {
        using PersonsTerminal terminal = Start(command, "exec sh -i");

        terminal.Screen.Type("sh -c 'echo go\"\"ing; exec sleep 1000'\r");
        terminal.Screen.WaitForText("going\r\n");
        terminal.Screen.Type(CtrlZ);
        terminal.Screen.WaitForText("Stopped");
        terminal.Screen.Type("kill %1; fg; echo sta\"\"tus $?\r");
        terminal.Screen.WaitForText("status 143");
        terminal.Screen.Type("exit 5\r");

        Assert.Equal(5, terminal.WaitForEnd().Status);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_program_begins_with_the_persons_settings_and_keeps_its_own(string command)
    {
        using PersonsTerminal persons = new();
        using PersonsTerminal terminal = Start(
            command,
            "stty -a | grep -o 'erase = ^H'; stty erase ^G; sleep 0.2; stty -a | grep -o 'erase = ^G'",
            persons.Set("erase", "^H")
        );

        Assert.Equal((0, "erase = ^H\nerase = ^G\n"), terminal.WaitForEnd());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_persons_terminal_has_its_settings_again(string command)
    {
        using PersonsTerminal terminal = new();
        string before = terminal.Settings;
        Start(command, "stty -echo raw; echo ready; read line", terminal);
        terminal.Screen.WaitForText("ready");
        Assert.NotEqual(before, terminal.Settings);

        terminal.Screen.Type("\n");

        terminal.Program!.WaitForExit();
        Assert.Equal(before, terminal.Settings);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void All_that_was_shown_arrives_before_the_end(string command)
    {
        using PersonsTerminal terminal = Start(command, "seq 1 20000");

        Assert.Equal(
            (0, string.Concat(Enumerable.Range(1, 20_000).Select(number => $"{number}\n"))),
            terminal.WaitForEnd()
        );
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Without_a_terminal_outside_the_program_has_one_all_the_same(string command)
    {
        RunningTool running = _runtime.Start(Command(command, "tty; read line; echo got $line"));
        running.WaitForText("/dev/pts/0");

        running.Input.Write("it\n");

        running.WaitForText("got it");
        Assert.Equal(0, running.Wait().ExitCode);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Where_the_person_hangs_up_the_program_ends(string command)
    {
        OciContainer? container = null;
        PersonsTerminal terminal = new();
        terminal.Start([
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            .. Command(command, "echo ready; exec cat", created => container = created),
        ]);
        terminal.Screen.WaitForText("ready");
        RunningTool program = terminal.Program!;

        terminal.HangUp();

        program.WaitForExit();
        Assert.Equal(container is null ? 0 : 1, container is null ? 0 : Processes.In(container).Length);
        terminal.Dispose();
    }

    [Fact]
    public void A_socket_for_the_terminal_is_for_detached_programs()
    {
        using ListeningSocket socket = new(_runtime.Folder.At("console.sock"));
        OciContainer container = _runtime.Create().Start();
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["true"], SetTerminal);
        const string Message =
            "tare-oci: cannot use a console socket in the foreground (add --detach, or leave --console-socket out)\n";

        Assert.Equal(
            Message,
            _runtime.Do("run", "--console-socket", socket.Path, "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
        Assert.Equal(
            Message,
            _runtime
                .Do("exec", "--tty", "--console-socket", socket.Path, container.Id, "true")
                .ShouldExitWith(255)
                .Errors
        );
        Traces.ShouldBeNone(Path.Combine(_runtime.Root, "none"), id, bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private static void SetTerminal(JsonObject config) => config["process"]!["terminal"] = true;

    private PersonsTerminal Start(string command, string script, PersonsTerminal? terminal = null) =>
        (terminal ?? new PersonsTerminal()).Start([
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            .. Command(command, script),
        ]);

    private string[] Command(string command, string script, Action<OciContainer>? created = null)
    {
        if (command == "run")
        {
            return ["run", "--bundle", _runtime.NewBundle(["sh", "-c", script], SetTerminal).Path, _runtime.NewId()];
        }

        OciContainer container = _runtime.Create().Start();
        created?.Invoke(container);
        return ["exec", "-t", container.Id, "sh", "-c", script];
    }
}
