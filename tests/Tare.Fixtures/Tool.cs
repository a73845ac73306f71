using System.Diagnostics;

namespace Tare.Fixtures;

/// <summary>Runs other programs. Tests only: the product's launches go through Tare.Launch.</summary>
public static class Tool
{
    /// <summary>Runs a program to its end.</summary>
    public static ToolResult Run(string program, params string[] arguments) =>
        Run(program, arguments, new ToolOptions());

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">The deadline passed; the program and its children have been killed.</exception>
    public static ToolResult Run(string program, string[] arguments, ToolOptions options)
    {
        using RunningTool running = Start(program, arguments, options);
        running.Input.Write(options.Input);
        return running.Wait(options.Deadline);
    }

    /// <summary>Starts a program; its standard input stays open until <see cref="RunningTool.Wait"/>.</summary>
    public static RunningTool Start(string program, params string[] arguments) =>
        Start(program, arguments, new ToolOptions());

    /// <summary>Starts a program; its standard input stays open until <see cref="RunningTool.Wait"/>.</summary>
    public static RunningTool Start(string program, string[] arguments, ToolOptions options)
    {
        string[] command = options.User is int user
            ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--", program, .. arguments]
            : [program, .. arguments];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach ((string name, string? value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        return new RunningTool(string.Join(' ', command), start);
    }

    /// <summary>
    /// Copies a file to be executed. Another process does it: a descriptor for writing that this one had open could live on
    /// in a child that another test has just forked, and executing the file would fail with ETXTBSY.
    /// </summary>
    public static void InstallProgram(string source, string target) =>
        Run("install", "--mode=755", source, target).ShouldSucceed();

    /// <summary>The path of a program, or null where PATH has none.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
