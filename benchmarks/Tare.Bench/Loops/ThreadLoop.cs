using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Tare.Processes;

namespace Tare.Bench.Loops;

/// <summary>
/// This program as a subject: <c>threads HOW COUNT STARTS PROGRAM</c> starts a program that often for each byte on standard input,
/// divided among so many threads, and answers with nanoseconds, as benchmarks/spawn does.
/// </summary>
internal static class ThreadLoop
{
    /// <summary>What the first argument is.</summary>
    public const string Word = "threads";

    public static int Run(string how, string count, string starts, string program)
    {
        int threads = int.Parse(count, CultureInfo.InvariantCulture);
        int each = int.Parse(starts, CultureInfo.InvariantCulture) / threads;
        PreparedStart start = new(new ProcessStartOptions(program));
        Func<bool> launch = how == LaunchLoop.Tare ? () => Launch(start) : () => Launch(program);
        using Stream requests = Console.OpenStandardInput();
        using Stream answers = Console.OpenStandardOutput();
        byte[] answer = new byte[8];
        while (requests.ReadByte() >= 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(
                answer,
                Time(launch, threads, each).Ticks * TimeSpan.NanosecondsPerTick
            );
            answers.Write(answer);
        }

        return 0;
    }

    private static TimeSpan Time(Func<bool> launch, int threads, int each)
    {
        int failed = 0;
        Thread[] all =
        [
            .. Enumerable
                .Range(0, threads)
                .Select(_ => new Thread(() => Interlocked.Add(ref failed, Launch(launch, each)))),
        ];
        long begin = Stopwatch.GetTimestamp();
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        return failed == 0 ? Stopwatch.GetElapsedTime(begin) : TimeSpan.Zero;
    }

    private static int Launch(Func<bool> launch, int count)
    {
        int failed = 0;
        for (int i = 0; i < count; i++)
        {
            failed += launch() ? 0 : 1;
        }

        return failed;
    }

    private static bool Launch(PreparedStart start)
    {
        using ChildProcess child = start.Start();
        return child.WaitForExit().Success;
    }

    private static bool Launch(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(program) { UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
