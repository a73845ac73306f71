namespace Tare.Processes.Tests.Security;

/// <summary>Runs programs for tests and gives what they wrote.</summary>
internal static class Running
{
    /// <summary>How a program ended, and what it wrote to both outputs.</summary>
    public static async Task<(ProcessExit Exit, string Output)> RunAsync(ProcessStartOptions options)
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        await using ChildProcess child = ChildProcess.Start(
            options with
            {
                StandardOutput = ChildStream.Pipe,
                StandardError = ChildStream.StandardOutput,
            }
        );
        using StreamReader reader = new(child.StandardOutput!, leaveOpen: true);
        string output = await reader.ReadToEndAsync(cancelled);
        return (await child.WaitForExitAsync(cancelled), output);
    }

    /// <summary>The same of a shell's words.</summary>
    public static Task<(ProcessExit Exit, string Output)> ShellAsync(
        string words,
        Func<ProcessStartOptions, ProcessStartOptions>? change = null
    )
    {
        ProcessStartOptions options = new("sh", "-c", words);
        return RunAsync(change?.Invoke(options) ?? options);
    }
}
