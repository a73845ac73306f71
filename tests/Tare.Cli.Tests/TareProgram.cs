using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests;

/// <summary>Runs the native <c>tare</c>.</summary>
internal static class TareProgram
{
    /// <summary><c>tare</c> with these words.</summary>
    public static ToolResult Call(params string[] words) => Tool.Run(Programs.Tare, words);

    /// <summary><c>tare run</c> with these words: options, two dashes, a command.</summary>
    public static ToolResult Run(params string[] words) => Tool.Run(Programs.Tare, ["run", .. words]);

    /// <summary><c>tare run</c> in another directory, with other variables, as another user …</summary>
    public static ToolResult Run(ToolOptions options, params string[] words) =>
        Tool.Run(Programs.Tare, ["run", .. words], options);

    /// <summary>A shell in a sandbox.</summary>
    public static ToolResult Shell(string script, params string[] options) =>
        Run([.. options, "--", "sh", "-c", script]);

    /// <summary>A shell in a sandbox that runs beside the test.</summary>
    public static RunningTool StartShell(string script, params string[] options) =>
        Tool.Start(Programs.Tare, ["run", .. options, "--", "sh", "-c", script]);

    /// <summary><c>tare</c> with these words, and that it leaves no cgroup of its own.</summary>
    public static ToolResult CallAndLeaveNothing(params string[] words)
    {
        HostState before = HostState.Take();
        using RunningTool running = Tool.Start(Programs.Tare, words);
        string mark = string.Create(CultureInfo.InvariantCulture, $"run-{running.ProcessId}-");
        ToolResult result = running.Wait();
        before.ShouldBeAsBefore(mark);
        return result;
    }
}
