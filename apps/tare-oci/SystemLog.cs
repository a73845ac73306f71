using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli;

/// <summary>
/// The machine's log, as crun writes to it: <c>journald:NAME</c> (systemd.journal-fields(7)), <c>syslog:NAME</c>
/// (RFC 3164), each a datagram to a socket.
/// </summary>
internal static class SystemLog
{
    private const string Journal = "journald:";
    private const string Syslog = "syslog:";
    private const int UserFacility = 1 << 3;

    /// <summary>Whether a log's name means one of these, and not a file.</summary>
    public static bool Means(string target) =>
        target.StartsWith(Journal, StringComparison.Ordinal) || target.StartsWith(Syslog, StringComparison.Ordinal);

    /// <summary>Sends a line.</summary>
    /// <param name="target">The log's name.</param>
    /// <param name="level">What kind of line it is: error, warning, debug.</param>
    /// <param name="line">The line.</param>
    public static SysResult Send(string target, string level, string line)
    {
        int priority = level switch
        {
            "error" => 3,
            "warning" => 4,
            _ => 7,
        };
        bool isJournal = target.StartsWith(Journal, StringComparison.Ordinal);
        string name = target[(isJournal ? Journal : Syslog).Length..];
        name = name.Length == 0 ? "tare-oci" : Texts.OneLine(name);
        SysResult<SocketFd> connected = UnixSockets.Connect(
            isJournal ? "/run/systemd/journal/socket" : "/dev/log",
            SocketFlags.SOCK_DGRAM
        );
        if (!connected.Ok)
        {
            return new(connected.Errno);
        }

        using SocketFd socket = connected.Value;
        string text = isJournal
            ? $"PRIORITY={priority}\nSYSLOG_IDENTIFIER={name}\nMESSAGE={line}\n"
            : $"<{UserFacility | priority}>{name}: {line}";
        return DescriptorPassing.Send(socket, Encoding.UTF8.GetBytes(text));
    }
}
