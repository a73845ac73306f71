using System.Globalization;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

public sealed class PidFdSocketTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly ListeningSocket _socket;

    public PidFdSocketTests() => _socket = new ListeningSocket(_runtime.Folder.At("pidfd.sock"));

    [Fact]
    public void A_pidfd_of_a_first_process_comes_as_standard()
    {
        OciContainer container = _runtime.Create(options: ["--pidfd-socket", _socket.Path]);

        (string kind, FileFd process) = _socket.Take();

        using (process)
        {
            Assert.Equal("standard", kind);
            Assert.Equal(container.ProcessId, NumberOf(process));
            container.Do("delete", "--force").ShouldSucceed();
            Assert.Equal(PollEvents.POLLIN, Poll.Wait(process, PollEvents.POLLIN).Value & PollEvents.POLLIN);
        }
    }

    [Fact]
    public void A_pidfd_of_a_program_that_is_added_comes_as_setns()
    {
        OciContainer container = _runtime.Create().Start();
        string pidFile = _runtime.Folder.At("pid");
        RunningTool exec = _runtime.Start([
            "exec",
            "-d",
            "--pidfd-socket",
            _socket.Path,
            "--pid-file",
            pidFile,
            container.Id,
            "sleep",
            "1000",
        ]);
        Assert.Equal(0, exec.WaitForExit());

        (string kind, FileFd process) = _socket.Take();

        using (process)
        {
            Assert.Equal("setns", kind);
            Assert.Equal(int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture), NumberOf(process));
        }
    }

    [Fact]
    public void A_socket_on_which_nobody_listens_is_an_error()
    {
        Bundle bundle = _runtime.NewBundle(["sh"]);
        string id = _runtime.NewId();

        Assert.Equal(
            "tare-oci: connect to the --pidfd-socket '/nowhere/sock': ENOENT (somebody must listen)\n",
            _runtime
                .Do("create", "--pidfd-socket", "/nowhere/sock", "--bundle", bundle.Path, id)
                .ShouldExitWith(1)
                .Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _runtime.Dispose();
    }

    private static int NumberOf(FileFd process)
    {
        string line = File.ReadLines($"/proc/self/fdinfo/{process.Number}")
            .Single(line => line.StartsWith("Pid:", StringComparison.Ordinal));
        return int.Parse(line["Pid:".Length..], CultureInfo.InvariantCulture);
    }
}
