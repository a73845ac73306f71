using System.Text;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Tests.DBus;

/// <summary>
/// The other end of a connection: takes in whoever comes, hands each message to the test and sends what that says. Ends with
/// the connection.
/// </summary>
internal sealed class FakeBus : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly SocketFd _listener;
    private readonly Thread _thread;
    private readonly string _welcome;
    private readonly Func<DBusMessage, IEnumerable<byte[]>> _answer;

    /// <summary>Begins to listen.</summary>
    /// <param name="answer">What is sent for a message, in pieces; an empty one hangs up.</param>
    /// <param name="welcome">What is said to who comes.</param>
    public FakeBus(Func<DBusMessage, IEnumerable<byte[]>> answer, string welcome = "DATA\r\nOK 0123\r\n")
    {
        _answer = answer;
        _welcome = welcome;
        _listener = UnixSockets.Listen(_folder.At("bus")).OrThrow("listen");
        _thread = new Thread(Serve);
        _thread.Start();
    }

    /// <summary>Where it is.</summary>
    public BusAddress Address => new(_folder.At("bus"), false);

    /// <summary>An answer to a call.</summary>
    public static byte[] Return(DBusMessage call, string signature, Action<DBusWriter> write) =>
        new DBusMessage
        {
            Type = DBusMessageType.MethodReturn,
            Serial = 1,
            ReplySerial = call.Serial,
            Signature = signature,
            Body = Body(write),
        }.Write();

    /// <summary>An error as the answer to a call.</summary>
    public static byte[] Error(DBusMessage call, string name, string text) =>
        new DBusMessage
        {
            Type = DBusMessageType.Error,
            Serial = 1,
            ReplySerial = call.Serial,
            ErrorName = name,
            Signature = "s",
            Body = Body(writer => writer.WriteString(text)),
        }.Write();

    /// <summary>systemd's signal that a job has ended.</summary>
    public static byte[] JobRemoved(string job, string result) =>
        new DBusMessage
        {
            Type = DBusMessageType.Signal,
            Serial = 1,
            Path = "/org/freedesktop/systemd1",
            Interface = "org.freedesktop.systemd1.Manager",
            Member = "JobRemoved",
            Signature = "uoss",
            Body = Body(writer =>
            {
                writer.WriteUInt32(1);
                writer.WriteString(job);
                writer.WriteString("some.scope");
                writer.WriteString(result);
            }),
        }.Write();

    public void Dispose()
    {
        _thread.Join();
        _listener.Dispose();
        _folder.Dispose();
    }

    private static byte[] Body(Action<DBusWriter> write)
    {
        DBusWriter writer = new();
        write(writer);
        return writer.Bytes.ToArray();
    }

    private void Serve()
    {
        using SocketFd socket = UnixSockets.Accept(_listener).OrThrow("accept");
        byte[] received = new byte[1 << 16];
        int length = 0;
        int greeting;
        while ((greeting = received.AsSpan(0, length).IndexOf("BEGIN\r\n"u8)) < 0)
        {
            length += Files.Read(socket, received.AsSpan(length)).OrThrow("read");
        }

        Files.WriteAll(socket, Encoding.ASCII.GetBytes(_welcome));
        int at = greeting + "BEGIN\r\n".Length;
        while (true)
        {
            while (length - at >= DBusMessage.Beginning && DBusMessage.LengthOf(received.AsSpan(at)) <= length - at)
            {
                int whole = DBusMessage.LengthOf(received.AsSpan(at));
                foreach (byte[] piece in _answer(DBusMessage.Parse(received.AsMemory(at, whole))))
                {
                    if (piece.Length == 0)
                    {
                        return;
                    }

                    // Who is answered may have heard enough, and be gone.
                    Files.WriteAll(socket, piece);
                }

                at += whole;
            }

            SysResult<int> read = Files.Read(socket, received.AsSpan(length));
            if (!read.Ok || read.Value == 0)
            {
                return;
            }

            length += read.Value;
        }
    }
}
