using System.Net.Sockets;
using System.Text;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>NOTIFY_SOCKET, as a service manager sets it. sd_notify(3).</summary>
public sealed class NotifySocketTests : IDisposable
{
    private const string Inside = "/run/notify/notify.sock";
    private readonly OciRuntime _runtime = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _socket;

    public NotifySocketTests()
    {
        _socket = _runtime.Folder.At("manager");
        _manager.Bind(new UnixDomainSocketEndPoint(_socket));
        _manager.ReceiveTimeout = 30_000;
    }

    [Fact]
    public void Start_waits_until_the_container_says_that_it_is_ready_and_passes_that_on()
    {
        string id = _runtime.NewId();
        RunningTool create = Start("create", "--bundle", Bundle("echo $NOTIFY_SOCKET; sleep 1000"), id);
        Assert.True(create.WaitForExit() == 0, create.Errors);
        int process = ProcessOf(id);

        RunningTool start = Start("start", id);
        create.WaitForText(Inside);
        Say(process, "STATUS=nearly");
        Say(process, "STATUS=done\nREADY=1\nSTATUS=more");

        Assert.Equal("READY=1\n", Hear());
        Assert.Equal($"MAINPID={process}\n", Hear());
        Assert.Equal("BARRIER=1", Hear());
        Assert.Equal(0, start.WaitForExit());
        _runtime.Do("delete", "--force", id).ShouldSucceed();
        Assert.False(Directory.Exists(Path.Combine(_runtime.Root, id)));
    }

    [Fact]
    public void A_container_that_waits_to_be_ready_can_be_deleted()
    {
        string id = _runtime.NewId();
        RunningTool create = Start("create", "--bundle", Bundle("echo runs; sleep 1000"), id);
        Assert.True(create.WaitForExit() == 0, create.Errors);
        RunningTool start = Start("start", id);
        create.WaitForText("runs");

        _runtime.Do("delete", "--force", id).ShouldSucceed();

        Assert.Equal(0, start.WaitForExit());
        Assert.Equal(0, _manager.Available);
    }

    [Fact]
    public void Start_does_not_wait_for_a_container_that_has_ended()
    {
        string id = _runtime.NewId();
        Assert.Equal(0, Start("create", "--bundle", Bundle("true"), id).WaitForExit());

        Assert.Equal(0, Start("start", id).WaitForExit());

        Assert.Equal(0, _manager.Available);
    }

    [Fact]
    public void A_runtime_in_the_foreground_is_the_main_process_itself()
    {
        string id = _runtime.NewId();
        RunningTool run = Start("run", "--bundle", Bundle("echo runs; read line; exit 7"), id);
        run.WaitForText("runs");
        Say(ProcessOf(id), "READY=1");

        Assert.Equal("READY=1\n", Hear());
        Assert.Equal($"MAINPID={run.ProcessId}\n", Hear());
        Assert.Equal("BARRIER=1", Hear());
        run.Input.Write("\n");
        Assert.Equal(7, run.WaitForExit());
        Assert.False(Directory.Exists(Path.Combine(_runtime.Root, id)));
    }

    [Fact]
    public void A_runtime_in_the_foreground_ends_with_a_container_that_was_never_ready()
    {
        RunningTool run = Start("run", "--bundle", Bundle("exit 3"), _runtime.NewId());

        Assert.Equal(3, run.WaitForExit());
        Assert.Equal(0, _manager.Available);
    }

    [Fact]
    public void Run_detached_waits_like_start()
    {
        string id = _runtime.NewId();
        RunningTool run = Start("run", "--detach", "--bundle", Bundle("echo runs; sleep 1000"), id);
        run.WaitForText("runs");
        int process = ProcessOf(id);
        Say(process, "READY=1");

        Assert.Equal("READY=1\n", Hear());
        Assert.Equal($"MAINPID={process}\n", Hear());
        Assert.Equal("BARRIER=1", Hear());
        Assert.Equal(0, run.WaitForExit());
    }

    [Fact]
    public void The_directory_is_read_only_in_the_container_and_nothing_else_is_there()
    {
        string id = _runtime.NewId();
        RunningTool run = Start(
            "run",
            "--bundle",
            Bundle("ls -A /run/notify; awk '$5 == \"/run/notify\" { print $6 }' /proc/self/mountinfo"),
            id
        );

        Assert.Equal(0, run.WaitForExit());
        Assert.Equal("notify.sock\nro,nosuid,nodev,noexec,relatime\n", run.Output);
    }

    [Fact]
    public void A_socket_that_nobody_reads_keeps_a_container_from_being_started()
    {
        string id = _runtime.NewId();
        Assert.Equal(0, Start("create", "--bundle", Bundle("sleep 1000"), id).WaitForExit());
        File.Delete(_socket);

        ToolResult start = Start("start", id).Wait().ShouldExitWith(1);

        Assert.Equal(
            $"tare-oci: connect to '{_socket}': ENOENT (NOTIFY_SOCKET: name a socket that somebody reads, or unset it)\n",
            start.Errors
        );
        Assert.Contains("\"created\"", _runtime.Do("state", id).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_was_created_without_is_not_started_with_one()
    {
        OciContainer container = _runtime.Create();

        ToolResult start = Start("start", container.Id).Wait().ShouldExitWith(1);

        Assert.Equal(
            "tare-oci: NOTIFY_SOCKET: the container was created without it (set it for create too, or unset it)\n",
            start.Errors
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runtime.Dispose();
        _manager.Dispose();
    }

    private string Bundle(string script) =>
        _runtime
            .NewBundle(["sh", "-c", script], config => ConfigMounts.Add(config, "/run", "tmpfs", "tmpfs", "mode=755"))
            .Path;

    private RunningTool Start(params string[] words) =>
        _runtime.Start(
            words,
            new ToolOptions { Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = _socket } }
        );

    // A program may have spoken before its process is on record.
    private int ProcessOf(string id)
    {
        int process = 0;
        for (int i = 0; process == 0 && i < 1_000; i++)
        {
            process = (int)
                System.Text.Json.Nodes.JsonNode.Parse(_runtime.Do("state", id).ShouldSucceed().Output)!["pid"]!;
        }

        return process;
    }

    // As the container's program would, from its own view of the file system.
    private static void Say(int process, string message)
    {
        using Socket program = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        program.SendTo(Encoding.ASCII.GetBytes(message), new UnixDomainSocketEndPoint($"/proc/{process}/root{Inside}"));
    }

    private string Hear()
    {
        byte[] message = new byte[100];
        return Encoding.ASCII.GetString(message, 0, _manager.Receive(message));
    }
}
