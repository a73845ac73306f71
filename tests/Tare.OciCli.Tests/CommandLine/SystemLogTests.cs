using System.Net.Sockets;
using System.Text;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>The machine's log, played by sockets that only the runtime under test sees in the places of the real ones.</summary>
public sealed class SystemLogTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_line_goes_to_the_journal_with_its_priority_and_name() =>
        Assert.Equal(
            "PRIORITY=3\nSYSLOG_IDENTIFIER=here\nMESSAGE=container does not exist: 'nobody'\n",
            Received(
                "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && mount --bind \"$1\" /run/systemd/journal",
                "socket",
                "journald:here"
            )
        );

    [Fact]
    public void A_line_goes_to_syslog_with_its_priority_and_name() =>
        Assert.Equal(
            "<11>here: container does not exist: 'nobody'",
            Received("mount --bind \"$1\" /dev", "log", "syslog:here")
        );

    [Fact]
    public void Where_nobody_listens_people_are_told()
    {
        string errors = _runtime
            .Shell("unshare --mount sh -c 'mount -t tmpfs tmpfs /run; \"$@\"' sh \"$@\"", Command("journald:x"))
            .ShouldExitWith(1)
            .Errors;

        Assert.Equal(
            "tare-oci: write to the log 'journald:x': ENOENT\ntare-oci: container does not exist: 'nobody'\n",
            errors
        );
    }

    [Fact]
    public void A_file_may_be_called_one()
    {
        string log = _runtime.Folder.At("log");

        Tool.Run(OciRuntime.Program, Command("file:" + log)[1..]).ShouldExitWith(1);

        Assert.Contains("container does not exist", File.ReadAllText(log), StringComparison.Ordinal);
    }

    public void Dispose() => _runtime.Dispose();

    private string[] Command(string log) =>
        [OciRuntime.Program, "--root", _runtime.Root, "--log", log, "state", "nobody"];

    private string Received(string place, string name, string log)
    {
        string folder = _runtime.Folder.At("log.d");
        Directory.CreateDirectory(folder);
        using Socket listener = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, name)));
        listener.ReceiveTimeout = 60_000;

        _runtime
            .Shell($"unshare --mount sh -c '{place} && shift && \"$@\"' sh \"$@\"", [folder, .. Command(log)])
            .ShouldExitWith(1);

        byte[] bytes = new byte[4096];
        return Encoding.UTF8.GetString(bytes, 0, listener.Receive(bytes));
    }
}
