using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tare.OciCli;

/// <summary>
/// The program's messages. An error goes to standard error for people and to the log file for callers, one line each;
/// the JSON form is what callers of OCI runtimes parse.
/// </summary>
internal sealed class Log
{
    private readonly string? file;
    private readonly bool json;
    private readonly bool debug;
    private readonly TimeProvider time;

    private Log(string? file, bool json, bool debug, TimeProvider time)
    {
        this.file = file;
        this.json = json;
        this.debug = debug;
        this.time = time;
    }

    /// <summary>For as long as the global options are not known.</summary>
    public static Log ToStandardError { get; } = new(null, json: false, debug: false, TimeProvider.System);

    /// <summary>The log that the global options ask for.</summary>
    public static Log For(Settings settings) =>
        new(settings.LogFile, settings.LogIsJson, settings.Debug, TimeProvider.System);

    /// <summary>Says why the program ends without having done what it was asked to.</summary>
    public void Error(string message)
    {
        if (file is null)
        {
            Output.WriteError(json ? Format("error", message) : $"tare-oci: {message}\n");
            return;
        }

        Output.Append(file, Format("error", message));
        Output.WriteError($"tare-oci: {message}\n");
    }

    /// <summary>Says what was not done although it was asked for, where that was allowed.</summary>
    public void Warn(string message)
    {
        if (file is null)
        {
            Output.WriteError(json ? Format("warning", message) : $"tare-oci: warning: {message}\n");
            return;
        }

        Output.Append(file, Format("warning", message));
    }

    /// <summary>Says what is being done, if somebody wants to know.</summary>
    public void Debug(string message)
    {
        if (!debug)
        {
            return;
        }

        if (file is null)
        {
            Output.WriteError(json ? Format("debug", message) : $"tare-oci: {message}\n");
            return;
        }

        Output.Append(file, Format("debug", message));
    }

    private string Format(string level, string message)
    {
        string now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        if (!json)
        {
            return $"time=\"{now}\" level={level} msg=\"{Escape(message)}\"\n";
        }

        ArrayBufferWriter<byte> buffer = new(256);
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("level"u8, level);
            writer.WriteString("msg"u8, message);
            writer.WriteString("time"u8, now);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static string Escape(string message) =>
        message
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
