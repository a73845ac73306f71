using System.Globalization;
using Monitor;
using Tare.Linux;
using Tare.Processes;

// Monitor [--samples N] [--interval SECONDS] PID…: a line for each process and interval until they end, or N samples were taken.
int samples = int.MaxValue;
double interval = 1;
List<int> processes = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--samples" when i + 1 < args.Length:
            samples = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--interval" when i + 1 < args.Length:
            interval = double.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        default:
            processes.Add(int.Parse(args[i], CultureInfo.InvariantCulture));
            break;
    }
}

if (processes.Count == 0)
{
    await Console.Error.WriteLineAsync("usage: Monitor [--samples N] [--interval SECONDS] PID…");
    return 2;
}

Console.WriteLine(Line.Header);
try
{
    await Task.WhenAll(processes.Select(WatchAsync));
}
catch (KernelException failure)
{
    await Console.Error.WriteLineAsync($"Monitor: {failure.Message}");
    return 1;
}

return 0;

async Task WatchAsync(int process)
{
    int taken = 0;
    SnapshotParts parts = SnapshotParts.Usual | SnapshotParts.Pressure;
    await foreach (ProcessSample sample in ProcessMonitor.WatchAsync(process, TimeSpan.FromSeconds(interval), parts))
    {
        Console.WriteLine(Line.Of(sample));
        if (++taken == samples)
        {
            return;
        }
    }

    Console.WriteLine($"{process, 8} has ended");
}
