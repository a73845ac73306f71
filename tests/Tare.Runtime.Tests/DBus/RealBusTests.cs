using Tare.Fixtures;
using Tare.Linux;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Tests.DBus;

/// <summary>Against D-Bus's own daemon, on an address of its own: it judges every message that passes through it.</summary>
public sealed class RealBusTests : IDisposable
{
    private const string Name = "org.freedesktop.DBus";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly TemporaryDirectory _folder = new();
    private readonly RunningTool _daemon;

    public RealBusTests()
    {
        string daemon = Require.Program("dbus-daemon");
        string config = _folder.Write(
            "bus.conf",
            $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>session</type>
              <listen>unix:path={_folder.At("bus")}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
              </policy>
            </busconfig>
            """
        );
        _daemon = Tool.Start(daemon, $"--config-file={config}", "--nofork", "--nopidfile", "--print-address");
        _daemon.WaitForText("unix:path");
    }

    public void Dispose()
    {
        _daemon.Kill();
        _daemon.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_daemon_takes_this_user_in_and_answers()
    {
        using DBusConnection connection = Open();

        DBusMessage answer = connection.Call(BusCall("GetNameOwner", "s", body => body.WriteString(Name)));

        Assert.Equal("s", answer.Signature);
        Assert.Equal(Name, new DBusReader(answer.Body.Span).ReadString());
        Assert.Equal(Name, answer.Sender);
    }

    [Fact]
    public void An_error_has_its_name_and_text()
    {
        using DBusConnection connection = Open();

        DBusException refused = Assert.Throws<DBusException>(() =>
            connection.Call(BusCall("GetNameOwner", "s", body => body.WriteString("no.such.name")))
        );

        Assert.Equal("org.freedesktop.DBus.Error.NameHasNoOwner", refused.Error);
        Assert.StartsWith(
            "GetNameOwner: org.freedesktop.DBus.Error.NameHasNoOwner: ",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A message with every type that properties have passes through the daemon, which checks it, and comes back the same.</summary>
    [Fact]
    public void Values_of_all_types_pass_the_daemon()
    {
        DBusVariant[] values =
        [
            DBusVariant.Of(true),
            DBusVariant.Of("ä"),
            DBusVariant.Of(ulong.MaxValue),
            DBusVariant.Of([1, 2, 3]),
            DBusVariant.Of([1u, uint.MaxValue]),
            DBusVariant.Of(["a", ""]),
            DBusVariant.Of([("/dev/block/8:0", 1ul), ("/dev/block/8:16", 2ul)]),
            new("y", (byte)7),
            new("n", (short)-7),
            new("q", (ushort)7),
            new("i", -7),
            new("x", long.MinValue),
            new("d", 0.5),
            new("o", "/a/b"),
            new("g", "a{sv}"),
            new("ay", Array.Empty<object>()),
            new("at", new object[] { 1ul }),
        ];
        using DBusConnection listener = Open(signal => signal.Member == "Said");
        listener.Match("type='signal',interface='tare.Test'");
        using DBusConnection speaker = Open();
        DBusWriter body = new();
        foreach (DBusVariant value in values)
        {
            value.Write(body);
        }

        speaker.Say(
            new DBusMessage
            {
                Type = DBusMessageType.Signal,
                Path = "/test",
                Interface = "tare.Test",
                Member = "Said",
                Signature = new string('v', values.Length),
                Body = body.Bytes.ToArray(),
            }
        );

        DBusMessage heard = listener.WaitForSignal();
        Assert.Equal(body.Bytes, heard.Body.Span);
        Assert.NotNull(heard.Sender);
    }

    [Fact]
    public void Signals_that_come_between_a_call_and_its_answer_are_kept()
    {
        using DBusConnection connection = Open(signal => signal.Member == "NameAcquired");
        connection.Match("type='signal',member='NameAcquired'");

        connection.Call(
            BusCall(
                "RequestName",
                "su",
                body =>
                {
                    body.WriteString("tare.test.Name");
                    body.WriteUInt32(0);
                }
            )
        );

        // The daemon says first which unique name was acquired with Hello.
        List<string> acquired = [];
        do
        {
            acquired.Add(new DBusReader(connection.WaitForSignal().Body.Span).ReadString());
        } while (acquired[^1] != "tare.test.Name");
        Assert.InRange(acquired.Count, 1, 2);
    }

    [Fact]
    public void A_bus_that_hangs_up_is_an_error()
    {
        using DBusConnection connection = Open();
        _daemon.Kill();

        Assert.Contains(
            "the bus has hung up",
            Assert.Throws<DBusException>(() => connection.WaitForSignal()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Where_nobody_listens_the_socket_and_the_errno_are_named()
    {
        KernelException refused = Assert.Throws<KernelException>(() =>
            DBusConnection.Open(new BusAddress(_folder.At("nobody"), false), true, Longest, _ => false)
        );

        Assert.Equal($"connect to '{_folder.At("nobody")}': ENOENT", refused.Message);
    }

    private DBusConnection Open(Func<DBusMessage, bool>? wanted = null) =>
        DBusConnection.Open(new BusAddress(_folder.At("bus"), false), true, Longest, wanted ?? (_ => false));

    private static DBusMessage BusCall(string member, string signature, Action<DBusWriter> write) =>
        DBusConnection.MakeCall(Name, "/org/freedesktop/DBus", Name, member, signature, write);
}
