using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Probe;

/// <summary>What programs find ignored that this one starts, which was itself started with signals ignored.</summary>
internal static class Ignoring
{
    private static readonly ProcessStartOptions Status = new("grep", "SigIgn", "/proc/self/status");

    public static async Task<int> RunAsync()
    {
        ProcessStartOptions[] starts =
        [
            Status,
            Status with
            {
                Terminal = new TerminalSize(24, 80),
            },
            Status with
            {
                DefaultSignals = Signals.GetIgnored(),
            },
            Status with
            {
                DefaultSignals = SignalSet.Full,
                IgnoredSignals = [Signal.SIGQUIT],
            },
        ];
        foreach (ProcessStartOptions start in starts)
        {
            ProcessTextOutput seen = await ChildProcess.RunAndCaptureTextAsync(start);
            Console.WriteLine(seen.StandardOutput.Trim().Split('\t')[^1]);
        }

        return 0;
    }
}
