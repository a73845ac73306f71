using System.Net;
using System.Net.Sockets;
using Tare.Fixtures;
using Tare.Linux.Abi;
using Tare.Processes.Tests.Security;

namespace Tare.Processes.Tests.Recordings;

public sealed class RecorderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_read_is_recorded_with_the_program_and_its_loader()
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "x");
        ProcessStartOptions cat = new("cat", file) { StandardOutput = ChildStream.Null };

        RecordedRun run = await Recorder.RunAsync(cat, null, Cancelled);

        Assert.True(run.ExitStatus.Success);
        Recording recording = run.Recording;
        Assert.True((recording.Paths[file].Access & RecordedAccess.Read) != 0);
        Assert.Superset(
            new HashSet<string>(["execve", "read", "write", "exit_group", "close"]),
            recording.Calls.Keys.ToHashSet()
        );
        Assert.Empty(recording.UnknownCalls);
        Assert.Empty(recording.Sockets);
        Assert.Empty(recording.Endpoints);
        Assert.Equal(0, recording.Unreadable);
        string[] executed =
        [
            .. recording
                .Paths.Values.Where(path => (path.Access & RecordedAccess.Execute) != 0 && !path.Missing)
                .Select(path => Path.GetFileName(path.Path)),
        ];
        Assert.Contains("cat", executed);
        Assert.Contains(executed, name => name.StartsWith("ld-", StringComparison.Ordinal));
        Assert.DoesNotContain(recording.Paths.Keys, path => path.Contains("//", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_its_own_profile_and_policy_a_program_works_and_does_nothing_else()
    {
        Assert.SkipWhen(LandlockPolicy.KernelAbi < 3, "the kernel has no Landlock, or an older ABI");
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "content");
        string other = directory.Write("other", "secret");
        ProcessStartOptions cat = new("cat", file) { StandardOutput = ChildStream.Null, NoNewPrivileges = true };
        Recording recording = (await Recorder.RunAsync(cat, null, Cancelled)).Recording;
        using LandlockRuleset ruleset = recording.ToLandlockPolicy().ToRuleset();
        ProcessStartOptions restricted = cat with
        {
            Seccomp = recording.ToSeccompProfile().ToFilter(),
            Landlock = ruleset,
        };

        (ProcessExit exit, string output) = await Running.RunAsync(restricted);
        Assert.Equal(("content", true), (output, exit.Success));

        (exit, output) = await Running.RunAsync(restricted with { Arguments = [other] });
        Assert.False(exit.Success);
        Assert.Contains("Permission denied", output, StringComparison.Ordinal);

        // Another program's calls.
        (exit, output) = await Running.RunAsync(
            restricted with
            {
                FileName = "mkdir",
                Arguments = [directory.At("made")],
                Landlock = null,
            }
        );
        Assert.False(exit.Success, output);
        Assert.False(Directory.Exists(directory.At("made")));
    }

    [Fact]
    public async Task A_shell_with_pipes_and_its_children_are_recorded_and_work_again()
    {
        Assert.SkipWhen(LandlockPolicy.KernelAbi < 3, "the kernel has no Landlock, or an older ABI");
        using TemporaryDirectory directory = new();
        Directory.CreateDirectory(directory.At("sub"));
        string file = directory.Write("sub/file", "b\na\n");
        string words = "cd sub; sort < file | cat > out && mkdir d && mv out d/moved && cp d/moved e && rm -r d";
        ProcessStartOptions shell = new("sh", "-c", words)
        {
            WorkingDirectory = directory.Path,
            NoNewPrivileges = true,
        };

        RecordedRun run = await Recorder.RunAsync(shell, null, Cancelled);

        Assert.True(run.ExitStatus.Success);
        Recording recording = run.Recording;
        RecordedAccess Access(string name) => recording.Paths[directory.At("sub", name)].Access;
        Assert.True(Access("file").HasFlag(RecordedAccess.Read));
        Assert.True(Access("out").HasFlag(RecordedAccess.MakeFile | RecordedAccess.Write | RecordedAccess.Move));
        Assert.True(Access("d").HasFlag(RecordedAccess.MakeDirectory | RecordedAccess.RemoveDirectory));
        Assert.True(Access("d/moved").HasFlag(RecordedAccess.MakeFile | RecordedAccess.Remove));
        Assert.True(recording.Calls["execve"] >= 6);

        File.Delete(directory.At("sub/e"));
        using LandlockRuleset ruleset = recording.ToLandlockPolicy().ToRuleset();
        ProcessStartOptions restricted = shell with
        {
            Seccomp = recording.ToSeccompProfile().ToFilter(),
            Landlock = ruleset,
        };
        (ProcessExit exit, string output) = await Running.RunAsync(restricted);
        Assert.True(exit.Success, output);
        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(directory.At("sub/e"), Cancelled));

        (exit, output) = await Running.RunAsync(
            restricted with
            {
                Arguments = ["-c", $"echo x > {directory.At("no")}"],
            }
        );
        Assert.False(exit.Success, output);
        Assert.False(File.Exists(directory.At("no")));
    }

    [Fact]
    public async Task Sockets_addresses_and_threads_are_recorded_and_work_again()
    {
        Assert.SkipWhen(LandlockPolicy.KernelAbi < 4, "the kernel has no Landlock, or an older ABI");
        string python = Require.Program("python3");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        using TcpListener other = new(IPAddress.Loopback, 0);
        listener.Start();
        other.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using TemporaryDirectory directory = new();
        string script = directory.Write(
            "script.py",
            $"""
            import socket, sys, threading
            def connect():
                with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s: s.send(b"x")
            t = threading.Thread(target=connect); t.start(); t.join()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s: s.sendto(b"x", ("127.0.0.1", {port}))
            with open("{directory.At("out")}", "w") as f: f.write("done")
            if len(sys.argv) > 2: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            """
        );
        ProcessStartOptions program = new(python, "-B", script, $"{port}") { NoNewPrivileges = true };

        RecordedRun run = await Recorder.RunAsync(program, null, Cancelled);

        Assert.True(run.ExitStatus.Success);
        Recording recording = run.Recording;
        Assert.Contains(
            recording.Sockets,
            socket => socket is { Family: SocketFamily.AF_INET, Type: SocketType.Stream }
        );
        Assert.Contains(
            new RecordedEndpoint(EndpointUse.Connect, SocketFamily.AF_INET, "127.0.0.1", port, SocketType.Stream),
            recording.Endpoints
        );
        Assert.Contains(
            new RecordedEndpoint(EndpointUse.Send, SocketFamily.AF_INET, "127.0.0.1", port, SocketType.Dgram),
            recording.Endpoints
        );
        Assert.True(
            recording.Paths[directory.At("out")].Access.HasFlag(RecordedAccess.MakeFile | RecordedAccess.Write)
        );
        Assert.Equal(0, recording.Unreadable);

        File.Delete(directory.At("out"));
        LandlockPolicy policy = recording.ToLandlockPolicy();
        Assert.Equal(
            [
                new((ushort)port, LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP),
                new(0, LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP),
                new((ushort)port, LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP),
            ],
            policy.Ports
        );
        using LandlockRuleset ruleset = policy.ToRuleset();
        ProcessStartOptions restricted = program with
        {
            Seccomp = recording.ToSeccompProfile().ToFilter(),
            Landlock = ruleset,
        };
        (ProcessExit exit, string output) = await Running.RunAsync(restricted);
        Assert.True(exit.Success, output);
        Assert.Equal("done", await File.ReadAllTextAsync(directory.At("out"), Cancelled));

        (_, output) = await Running.RunAsync(
            restricted with
            {
                Arguments = ["-B", script, $"{((IPEndPoint)other.LocalEndpoint).Port}"],
            }
        );
        Assert.Contains("PermissionError: [Errno 13]", output, StringComparison.Ordinal);

        (exit, output) = await Running.RunAsync(
            restricted with
            {
                Arguments = ["-B", script, $"{port}", "and a netlink socket"],
            }
        );
        Assert.False(exit.Success);
        Assert.Contains("PermissionError: [Errno 1]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_takes_the_profile()
    {
        Recording recording = (
            await Recorder.RunAsync(new("sh", "-c", "cat /etc/passwd; :") { StandardOutput = ChildStream.Null })
        ).Recording;
        SandboxOptions options = new() { AllowWeaker = true, SystemCalls = recording.ToSeccompProfile() };

        SandboxResult result = await Sandbox.RunAsync("sh", ["-c", "cat /etc/passwd; :"], options, Cancelled);
        SandboxResult refused = await Sandbox.RunAsync("mkdir", ["/tmp/new"], options, Cancelled);

        Assert.True(result.ExitStatus.Success, result.StandardError);
        Assert.Contains("root", result.StandardOutput, StringComparison.Ordinal);
        Assert.False(refused.ExitStatus.Success);
    }

    [Fact]
    public async Task Capabilities_are_named_where_they_were_in_force()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "x", UnixFileMode.None);
        string words = $"chown 1 {file}; cat {file}; chmod 600 {file}";
        ProcessStartOptions shell = new("sh", "-c", words) { StandardOutput = ChildStream.Null };

        Recording recording = (await Recorder.RunAsync(shell, null, Cancelled)).Recording;
        Recording harmless = (await Recorder.RunAsync(new("true"), null, Cancelled)).Recording;

        Assert.Contains(Capability.CAP_CHOWN, recording.Capabilities);
        Assert.Contains(Capability.CAP_FOWNER, recording.Capabilities);
        Assert.Contains(
            recording.Capabilities,
            capability => capability is Capability.CAP_DAC_READ_SEARCH or Capability.CAP_DAC_OVERRIDE
        );
        Assert.Empty(harmless.Capabilities);
    }

    [Fact]
    public async Task An_ordinary_user_s_program_is_recorded_without_capabilities()
    {
        Require.Root();
        ProcessStartOptions shell = new("sh", "-c", "chown 1 /etc/passwd 2>/dev/null; exit 3")
        {
            Credentials = new ProcessCredentials(65534, 65534),
            NoNewPrivileges = true,
        };

        RecordedRun run = await Recorder.RunAsync(shell, null, Cancelled);

        Assert.Equal(3, run.ExitStatus.ExitCode);
        Assert.Empty(run.Recording.Capabilities);
        Assert.True(run.Recording.Paths["/etc/passwd"].Access.HasFlag(RecordedAccess.Attributes));
    }

    [Fact]
    public async Task What_a_program_leaves_running_is_waited_for()
    {
        using TemporaryDirectory directory = new();

        // A shell gives what it leaves in the background no input but what it is told to.
        ProcessStartOptions shell = new("sh", "-c", "exec 3<&0; (read line <&3; : > late) & exit 0")
        {
            WorkingDirectory = directory.Path,
            StandardInput = ChildStream.Pipe,
        };
        Recorder recorder = new();
        await using ChildProcess child = recorder.Start(shell);
        await child.WaitForExitAsync(Cancelled);
        Assert.False(recorder.Ended.IsCompleted);

        child.StandardInput!.Dispose();
        await recorder.Ended.WaitAsync(Cancelled);

        Assert.Contains(directory.At("late"), recorder.Recording.Paths.Keys);
        Assert.Throws<InvalidOperationException>(() => recorder.Start(shell));
    }

    [Fact]
    public async Task Cancelling_kills_and_bad_arguments_start_nothing()
    {
        using CancellationTokenSource source = new();
        Task<RecordedRun> run = Recorder.RunAsync(new("sleep", "1000"), null, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        await Assert.ThrowsAsync<ArgumentException>(() =>
            Recorder.RunAsync(new("true") { StandardOutput = ChildStream.Pipe })
        );
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Recorder.RunAsync(new("true") { Seccomp = SeccompProfile.Container.ToFilter() })
        );
        Assert.Throws<ArgumentException>(() => new Recorder(new RecorderOptions { Assumed = ["no such call"] }));
        Assert.Throws<ArgumentException>(() => new Recorder(new RecorderOptions { Assumed = ["execve"] }));
    }

    [Fact]
    public async Task Calls_that_are_assumed_are_in_the_profile_without_having_been_watched()
    {
        RecorderOptions options = new() { Assumed = ["read", "write", "ioctl"] };
        ProcessStartOptions shell = new("sh", "-c", "echo x") { StandardOutput = ChildStream.Null };

        Recording recording = (await Recorder.RunAsync(shell, options, Cancelled)).Recording;

        Assert.Equal(1, recording.Calls["write"]);
        Assert.Contains(
            recording.ToSeccompProfile().Rules,
            rule => rule.Conditions.IsEmpty && rule.Names.Contains("ioctl")
        );
    }

    [Fact]
    public async Task A_recorded_program_finds_no_io_uring_unless_it_is_assumed()
    {
        Require.Program("perl");
        ProcessStartOptions asking = new("perl", "-e", "syscall(425, 8, 0); exit($! + 0)");

        RecordedRun run = await Recorder.RunAsync(asking, null, Cancelled);
        RecordedRun assumed = await Recorder.RunAsync(asking, new() { Assumed = ["io_uring_setup"] }, Cancelled);

        Assert.Equal((int)Errno.ENOSYS, run.ExitStatus.ExitCode);
        Assert.DoesNotContain("io_uring_setup", run.Recording.Calls.Keys);
        Assert.NotEqual((int)Errno.ENOSYS, assumed.ExitStatus.ExitCode);
        Assert.Contains("io_uring_setup", assumed.Recording.Calls.Keys);
    }
}
