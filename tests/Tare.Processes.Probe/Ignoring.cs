namespace Tare.Processes.Probe;

/// <summary>What programs find ignored that this one starts, which was itself started with signals ignored.</summary>
internal static class Ignoring
{
    private static readonly ProcessStartOptions Status = new("grep", "SigIgn", "/proc/self/status");

    public static async Task<int> RunAsync()
    {
        foreach (ProcessStartOptions start in new[] { Status, Status with { Terminal = new TerminalSize(24, 80) } })
        {
            ProcessTextOutput seen = await ChildProcess.RunAndCaptureTextAsync(start);
            Console.WriteLine(seen.StandardOutput.Trim().Split('\t')[^1]);
        }

        return 0;
    }
}
