using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Recordings;

/// <summary>A recording in a few lines for people.</summary>
internal static class RecordingText
{
    private const int MostShown = 8;

    /// <summary>The lines.</summary>
    public static string Format(Recording recording)
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"tare: recorded {recording.Calls.Values.Sum()} calls of {recording.Calls.Count} kinds\n"
        );
        Line("read", Paths(RecordedAccess.Read | RecordedAccess.List));
        Line("written", Paths(RecordedAccess.Write));
        Line("executed", Paths(RecordedAccess.Execute));
        Line("made", Where(path => path.Made));
        Line("removed", Paths(RecordedAccess.Remove | RecordedAccess.RemoveDirectory));
        Line("sockets", [.. recording.Sockets.Select(socket => $"{socket.Family} {socket.Type}").Distinct().Order()]);
        Line("addresses", [.. recording.Endpoints.Select(Address).Distinct().Order(StringComparer.Ordinal)]);
        Line("capabilities, at most", [.. recording.Capabilities.Select(CapabilityNames.NameOf)]);
        if (recording.Unreadable > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  not readable: {recording.Unreadable} paths or addresses\n");
        }

        return text.ToString();

        string[] Paths(RecordedAccess access) => Where(path => (path.Access & access) != 0);

        string[] Where(Func<RecordedPath, bool> used) =>
            [.. recording.Paths.Values.Where(path => used(path) && !path.Missing).Select(path => path.Path)];

        void Line(string what, string[] items)
        {
            if (items.Length > 0)
            {
                string shown = Log.OneLine(string.Join(", ", items.Take(MostShown)));
                string rest = items.Length > MostShown ? ", …" : "";
                text.Append(CultureInfo.InvariantCulture, $"  {what}: {items.Length}: {shown}{rest}\n");
            }
        }
    }

    private static string Address(RecordedEndpoint endpoint) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{endpoint.Use switch
            {
                EndpointUse.Bind => "bind",
                EndpointUse.Connect => "connect",
                _ => "send",
            }} {(endpoint.Address.Length > 0 ? endpoint.Address : endpoint.Family.ToString())}{(endpoint.Port > 0 ? $" port {endpoint.Port}" : "")}"
        );
}
