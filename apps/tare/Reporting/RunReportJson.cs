using System.Buffers;
using System.Text;
using System.Text.Json;
using Tare.Cli.Sandbox;
using Tare.Linux;

namespace Tare.Cli.Reporting;

/// <summary>A report for programs: one object on one line. docs/run-report.md.</summary>
internal static class RunReportJson
{
    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    /// <summary>The line, ended by a line feed.</summary>
    public static string Format(RunReport report)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        JsonWriterOptions options = new()
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("exitCode", report.ExitCode);
            WriteEnd(json, report);
            WriteStatistics(json, report.Statistics);
            WriteTrace(json, report);
            json.WriteStartArray("leftOut");
            foreach (LeftOut limit in report.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("option", limit.Option);
                json.WriteString("why", limit.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("readOnly");
            foreach (string path in report.ShownReadOnly)
            {
                json.WriteStringValue(path);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteEnd(Utf8JsonWriter json, RunReport report)
    {
        if (report.Error is { } error)
        {
            json.WriteString("error", error);
        }

        if (report.Ended is { } ended)
        {
            if (ended.ExitCode is { } code)
            {
                json.WriteNumber("programExitCode", code);
            }
            else
            {
                json.WriteString("programSignal", SignalNames.NameOf(ended.Signal));
            }
        }

        json.WriteBoolean("timedOut", report.TimedOut);
        json.WriteNumber("outOfMemoryKills", report.OutOfMemoryKills);
    }

    private static void WriteStatistics(Utf8JsonWriter json, RunStatistics? statistics)
    {
        if (statistics is null)
        {
            return;
        }

        json.WriteStartObject("statistics");
        json.WriteNumber("startSeconds", statistics.Start.TotalSeconds);
        json.WriteNumber("wallSeconds", statistics.Wall.TotalSeconds);
        json.WriteNumber("userSeconds", statistics.User.TotalSeconds);
        json.WriteNumber("systemSeconds", statistics.System.TotalSeconds);
        json.WriteNumber("peakMemoryBytes", statistics.PeakMemory);
        json.WriteNumber("readBytes", statistics.Read);
        json.WriteNumber("writtenBytes", statistics.Written);
        if (statistics.PeakTasks is { } tasks)
        {
            json.WriteNumber("peakTasks", tasks);
        }

        json.WriteStartArray("countedByCgroup");
        foreach (string value in statistics.CountedByCgroup)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTrace(Utf8JsonWriter json, RunReport report)
    {
        if (report is not { Trace: { } trace, Plan: { } plan })
        {
            return;
        }

        json.WriteStartArray("trace");
        IReadOnlyList<TimeSpan?> durations = trace.Durations();
        for (int i = 0; i < durations.Count; i++)
        {
            if (durations[i] is { } duration)
            {
                json.WriteStartObject();
                json.WriteNumber("step", i + 1);
                json.WriteString("group", plan.Steps[i].Group);
                json.WriteString("words", plan.Steps[i].Words);
                json.WriteNumber("seconds", duration.TotalSeconds);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }
}
