using System.Text;
using Tare.Linux;
using Tare.Oci;
using Tare.OciCli.CommandLine;

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
    /// <exception cref="UsageException">There is no such form or level of messages.</exception>
    public static Log From(Arguments global)
    {
        string format = global.Text("log-format") ?? "text";
        string level = global.Text("log-level") ?? "error";
        if (level is not ("debug" or "warning" or "error"))
        {
            throw new UsageException($"invalid value \"{level}\" for --log-level (use debug, warning or error)");
        }

        bool wantsAll = global.Has("debug") || level == "debug";
        return format is "text" or "json"
            ? new(
                global.Text("log") is { Length: > 0 } file ? file : null,
                format == "json",
                wantsAll,
                TimeProvider.System
            )
            : throw new UsageException($"invalid value \"{format}\" for --log-format (use text or json)");
    }

    /// <summary>Says why the program ends without having done what it was asked to.</summary>
    public void Error(string message)
    {
        if (file is null)
        {
            Output.WriteError(json ? Format("error", message) : ForPeople(message));
            return;
        }

        Keep(file, "error", message);
        Output.WriteError(ForPeople(message));
    }

    /// <summary>
    /// Says what was not done although it was asked for, where that was allowed: in the log always, to people only if they
    /// want to know, since the configuration that everybody begins with has some of it.
    /// </summary>
    public void Warn(string message)
    {
        if (file is not null)
        {
            Keep(file, "warning", message);
        }
        else if (debug)
        {
            Output.WriteError(json ? Format("warning", message) : ForPeople($"warning: {message}"));
        }
    }

    /// <summary>Says what has failed without keeping the program from what it was asked to do: a hook after a container's end.</summary>
    public void Report(IReadOnlyList<string> failures)
    {
        foreach (string failure in failures)
        {
            Warn(failure);
            if (file is null && !debug)
            {
                Output.WriteError(json ? Format("warning", failure) : ForPeople($"warning: {failure}"));
            }
        }
    }

    /// <summary>Says each of several things that were not done.</summary>
    public void Warn(IReadOnlyList<string> messages)
    {
        foreach (string message in messages)
        {
            Warn(message);
        }
    }

    /// <summary>Says what is being done, if somebody wants to know; only then is it put into words.</summary>
    public void Debug(Func<string> message)
    {
        if (!debug)
        {
            return;
        }

        if (file is null)
        {
            Output.WriteError(json ? Format("debug", message()) : ForPeople(message()));
            return;
        }

        Keep(file, "debug", message());
    }

    private void Keep(string target, string level, string message)
    {
        const string File = "file:";
        if (!SystemLog.Means(target))
        {
            Output.Append(
                target.StartsWith(File, StringComparison.Ordinal) ? target[File.Length..] : target,
                Format(level, message)
            );
            return;
        }

        SysResult sent = SystemLog.Send(target, level, Texts.OneLine(message));
        if (!sent.Ok)
        {
            Output.WriteError(ForPeople($"write to the log '{target}': {sent.Errno}"));
        }
    }

    private static string ForPeople(string message) => $"tare-oci: {Texts.OneLine(message)}\n";

    private string Format(string level, string message)
    {
        string line = Texts.OneLine(message);
        return json
            ? Encoding.UTF8.GetString(LogLine.Write(level, line, time.GetUtcNow()))
            : $"time=\"{Rfc3339.WriteSeconds(time.GetUtcNow())}\" level={level} msg=\"{Escape(line)}\"\n";
    }

    // As logrus quotes a text.
    private static string Escape(string message) =>
        message.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
