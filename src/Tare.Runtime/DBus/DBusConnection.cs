using Tare.Linux;

namespace Tare.Runtime.DBus;

/// <summary>
/// A connection to a bus, or to a service without a bus between. Calls are answered in turn; signals that come meanwhile are
/// kept, so that none that follows from a call is missed.
/// </summary>
internal sealed class DBusConnection : IDisposable
{
    private const int MostKept = 10_000;
    private const string Bus = "org.freedesktop.DBus";
    private readonly DBusStream stream;
    private readonly Queue<DBusMessage> signals = [];
    private readonly Func<DBusMessage, bool> wanted;
    private readonly bool hasBus;
    private uint serial;

    private DBusConnection(DBusStream stream, bool hasBus, Func<DBusMessage, bool> wanted)
    {
        this.stream = stream;
        this.hasBus = hasBus;
        this.wanted = wanted;
    }

    /// <summary>Connects.</summary>
    /// <param name="address">Where.</param>
    /// <param name="hasBus">It is a bus, with several services on it, and not one service alone.</param>
    /// <param name="longest">How long all of what is done over the connection may take.</param>
    /// <param name="wanted">The signals that are kept; others are passed over.</param>
    /// <exception cref="KernelException">Nobody listens, or this user may not connect.</exception>
    /// <exception cref="DBusException">The other side is no bus, or refuses this user.</exception>
    public static DBusConnection Open(BusAddress address, bool hasBus, TimeSpan longest, Func<DBusMessage, bool> wanted)
    {
        DBusConnection connection = new(DBusStream.Connect(address, longest), hasBus, wanted);
        try
        {
            if (hasBus)
            {
                connection.Call(BusCall("Hello", "", _ => { }));
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Has the bus hand on signals; without a bus between all of them come anyway.</summary>
    public void Match(string rule)
    {
        if (hasBus)
        {
            Call(BusCall("AddMatch", "s", body => body.WriteString(rule)));
        }
    }

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="DBusException">The answer is an error, or there is none.</exception>
    public DBusMessage Call(DBusMessage call)
    {
        uint number = ++serial;
        stream.Send(call with { Serial = number });
        while (true)
        {
            DBusMessage message = stream.Receive();
            if (message.ReplySerial == number && message.Type == DBusMessageType.MethodReturn)
            {
                return message;
            }

            if (message.ReplySerial == number && message.Type == DBusMessageType.Error)
            {
                throw Failure(call, message);
            }

            Keep(message);
        }
    }

    /// <summary>Sends a message that nobody answers.</summary>
    public void Say(DBusMessage message) => stream.Send(message with { Serial = ++serial });

    /// <summary>Waits for a signal, one that has been kept or one to come.</summary>
    public DBusMessage WaitForSignal()
    {
        DBusMessage? signal;
        while (!signals.TryDequeue(out signal))
        {
            Keep(stream.Receive());
        }

        return signal;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>A call with its values.</summary>
    public static DBusMessage MakeCall(
        string destination,
        string path,
        string @interface,
        string member,
        string signature,
        Action<DBusWriter> write
    )
    {
        DBusWriter body = new();
        write(body);
        return new DBusMessage
        {
            Type = DBusMessageType.MethodCall,
            Destination = destination,
            Path = path,
            Interface = @interface,
            Member = member,
            Signature = signature,
            Body = body.Bytes.ToArray(),
        };
    }

    private static DBusMessage BusCall(string member, string signature, Action<DBusWriter> write) =>
        MakeCall(Bus, "/org/freedesktop/DBus", Bus, member, signature, write);

    private void Keep(DBusMessage message)
    {
        if (message.Type == DBusMessageType.Signal && signals.Count < MostKept && wanted(message))
        {
            signals.Enqueue(message);
        }
    }

    private static DBusException Failure(DBusMessage call, DBusMessage answer)
    {
        string name = answer.ErrorName ?? "an error without a name";
        string text = answer.Signature.StartsWith('s') ? new DBusReader(answer.Body.Span).ReadString() : "";
        return new DBusException($"{call.Member}: {Oci.OneLine.Of($"{name}: {text}", 512)}", name);
    }
}
