using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.DBus;

/// <summary>
/// The bytes of a connection: whole messages out and in, nothing waited for beyond a deadline. Owns the socket.
/// </summary>
internal sealed class DBusStream : IDisposable
{
    private const int LongestLine = 512;
    private readonly SocketFd socket;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly TimeSpan longest;
    private readonly string name;
    private byte[] received = new byte[4096];
    private int begin;
    private int end;

    private DBusStream(SocketFd socket, string name, TimeSpan longest, TimeProvider clock)
    {
        this.socket = socket;
        this.name = name;
        this.longest = longest;
        this.clock = clock;
        started = clock.GetTimestamp();
    }

    /// <summary>Connects as whom the kernel says that this is (EXTERNAL).</summary>
    /// <param name="address">The bus.</param>
    /// <param name="longest">How long all of what is done over the connection may take.</param>
    /// <exception cref="KernelException">Nobody listens, or this user may not connect.</exception>
    /// <exception cref="DBusException">The other side does not take this user in, or is no bus.</exception>
    public static DBusStream Connect(BusAddress address, TimeSpan longest)
    {
        SysResult<SocketFd> connected = address.IsAbstract
            ? UnixSockets.ConnectAbstract(Encoding.UTF8.GetBytes(address.Name))
            : UnixSockets.Connect(address.Name);
        DBusStream stream = new(
            connected.OrThrow("connect to", $"{address}"),
            $"{address}",
            longest,
            TimeProvider.System
        );
        try
        {
            stream.Authenticate();
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Sends a message.</summary>
    public void Send(DBusMessage message) => Write(message.Write());

    /// <summary>Waits for the next message.</summary>
    public DBusMessage Receive()
    {
        Fill(DBusMessage.Beginning);
        int length = DBusMessage.LengthOf(received.AsSpan(begin, DBusMessage.Beginning));
        Fill(length);
        byte[] message = received.AsSpan(begin, length).ToArray();
        begin += length;
        return DBusMessage.Parse(message);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // Whom the kernel says, and no number: a manager outside of this user namespace knows this user by another one. All in
    // one piece: systemd does not look at a message that it has read together with BEGIN before more comes, so that BEGIN
    // must have been read by when there is an answer.
    private void Authenticate()
    {
        Write("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"u8);
        if (ReadLine() != "DATA" || !ReadLine().StartsWith("OK", StringComparison.Ordinal))
        {
            throw new DBusException($"connect to '{name}': EACCES (the bus does not take this user in)");
        }
    }

    private string ReadLine()
    {
        while (true)
        {
            int length = received.AsSpan(begin, end - begin).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                string line = Encoding.ASCII.GetString(received, begin, length);
                begin += length + 2;
                return line;
            }

            if (end - begin > LongestLine)
            {
                throw new DBusException($"connect to '{name}': EBADMSG (it is no bus)");
            }

            Fill(end - begin + 1);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            WaitFor(PollEvents.POLLOUT);
            bytes = bytes[Files.Write(socket, bytes).OrThrow("write to", name)..];
        }
    }

    // Has as many bytes at hand.
    private void Fill(int count)
    {
        if (received.Length - begin < count)
        {
            byte[] larger = count > received.Length ? new byte[Math.Max(count, received.Length * 2)] : received;
            received.AsSpan(begin, end - begin).CopyTo(larger);
            (received, begin, end) = (larger, 0, end - begin);
        }

        while (end - begin < count)
        {
            WaitFor(PollEvents.POLLIN);
            int read = Files.Read(socket, received.AsSpan(end)).OrThrow("read from", name);
            end += read > 0 ? read : throw new DBusException($"read from '{name}': EPIPE (the bus has hung up)");
        }
    }

    private void WaitFor(PollEvents events)
    {
        TimeSpan left = longest - clock.GetElapsedTime(started);
        SysResult<PollEvents> ready = Poll.Wait(socket, events, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        if (ready.OrThrow("wait for", name) == 0)
        {
            throw new DBusException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"wait for '{name}': ETIMEDOUT (no answer in {longest.TotalSeconds} seconds: see 'systemctl list-jobs')"
                )
            );
        }
    }
}
