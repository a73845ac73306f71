using System.Text;
using Tare.Cli.Sandbox;

namespace Tare.Cli;

/// <summary>What the program has to say besides its output: one line each, on standard error. All messages of <c>tare</c> are here.</summary>
internal static class Log
{
    /// <summary>Why the program ends without having done what it was asked to.</summary>
    public static void Error(string message) => Line(message);

    /// <summary>The command line was not understood.</summary>
    public static void Usage(string message, string? verb) =>
        Line($"{message} (see 'tare {(verb is null ? "" : verb + " ")}--help')");

    /// <summary>What was asked for and has no effect.</summary>
    public static void Warn(string message) => Line($"warning: {message}");

    /// <summary>A directory of the machine is not there to be written, because the kernel overlays it not.</summary>
    public static void ShownReadOnly(string path) =>
        Line($"note: '{path}' is read-only in the sandbox (the kernel takes its file system for no overlay)");

    /// <summary>Something was asked for that cannot be had, and may be left out.</summary>
    public static void LeftOut(LeftOut limit) => Line($"left out: {limit.Option} ({limit.Why})");

    /// <summary>The time is up.</summary>
    public static void TimedOut(TimeSpan time) =>
        Line($"the time-out of {Words.Time(time)} has passed; everything in the sandbox was killed");

    /// <summary>The kernel killed something for want of memory.</summary>
    public static void OutOfMemory(long limit) =>
        Line(
            $"the memory limit of {Words.Size(limit)} was reached and the kernel killed a process for it (raise --memory)"
        );

    /// <summary>A call that was killed had begun to apply changes.</summary>
    public static void Finishing(string id) =>
        Line($"note: tare was killed while it applied the changes {id}: going on with them");

    /// <summary>One change was not made on the machine. The path is for people already.</summary>
    public static void NotApplied(string path, string reason) => Line($"not applied: {path}: {reason}");

    /// <summary>One change has no place in the archive. The path is for people already.</summary>
    public static void NotExported(string path) =>
        Line($"not exported: {path}: an archive of this form has no place for it");

    /// <summary>Some changes were not made and are kept.</summary>
    public static void KeptAfterRefusal(string id, int count, bool canBeForced) =>
        Line(
            $"{count} of the changes were not applied and are kept (tare try --resume {id} --apply"
                + $"{(canBeForced ? " --force" : "")}, or --drop)"
        );

    /// <summary>Nobody said what becomes of the changes.</summary>
    public static void Kept(string id, string path) =>
        Line($"the changes are kept in {path} (tare try --resume {id}, with --apply, --drop or --export FILE)");

    /// <summary>What became of the changes.</summary>
    public static void Decided(string message) => Line(message);

    /// <summary>There is no process of that number, or none that this user may see.</summary>
    public static void NoProcess(int processId) => Line($"there is no process {processId}");

    private static void Line(string message) => Output.WriteError($"tare: {OneLine(message)}\n");

    /// <summary>The text without line breaks and other characters that do something to a terminal, whatever a file's name holds.</summary>
    public static string OneLine(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            line.Append(Visible.IsHarmful(c) ? '?' : c);
        }

        return line.ToString();
    }
}
