namespace Tare.Oci;

/// <summary>A line of a runtime's JSON log, as callers parse it: an object with level, msg and time.</summary>
public static class LogLine
{
    /// <summary>The line with its newline.</summary>
    /// <param name="level"><c>error</c>, <c>warning</c>, <c>info</c> or <c>debug</c>, as logrus names them.</param>
    /// <param name="message">Any text; what JSON cannot hold as it is becomes an escape, so it stays one line.</param>
    /// <param name="time">When; written to the second.</param>
    public static byte[] Write(string level, string message, DateTimeOffset time) =>
        [
            .. JsonOutput.Make(
                (level, message, time),
                JsonLayout.Compact,
                static (json, line) =>
                {
                    json.WriteStartObject();
                    json.WriteString("level"u8, line.level);
                    json.WriteString("msg"u8, line.message);
                    json.WriteString("time"u8, Rfc3339.WriteSeconds(line.time));
                    json.WriteEndObject();
                }
            ),
            (byte)'\n',
        ];
}
