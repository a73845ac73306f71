using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Tare.Processes;

namespace Tare.Bench.Loops;

/// <summary>
/// This program as a subject, in a process of its own: <c>loop HOW MIB PROGRAM…</c> starts a program for each byte on standard
/// input, with so much of the heap in use, and answers with nanoseconds, as benchmarks/spawn does.
/// </summary>
internal static class LaunchLoop
{
    /// <summary>What the first argument is.</summary>
    public const string Word = "loop";

    /// <summary>By Tare.Processes.</summary>
    public const string Tare = "tare";

    /// <summary>By System.Diagnostics.Process.</summary>
    public const string Framework = "process";

    /// <summary>In a sandbox, in the host's network; what was made for it is removed after the time was taken.</summary>
    public const string Sandboxed = "sandbox";

    /// <summary>In a sandbox, all of it: output captured, everything removed.</summary>
    public const string SandboxedWhole = "sandbox-run";

    /// <summary>In a sandbox of a pool that has one ready, in the host's network.</summary>
    public const string Pooled = "sandbox-pool";

    private const int PoolSize = 4;

    private static readonly SandboxOptions InHostNetwork = new() { Network = SandboxNetwork.Host };

    public static int Run(string how, string heap, string program, params string[] arguments)
    {
        byte[][] kept = Fill(int.Parse(heap, CultureInfo.InvariantCulture));
        PreparedStart start = new(new ProcessStartOptions(program, arguments));
        SandboxPool? pool = how == Pooled ? new SandboxPool(InHostNetwork, PoolSize) : null;
        using Stream requests = Console.OpenStandardInput();
        using Stream answers = Console.OpenStandardOutput();
        byte[] answer = new byte[8];
        while (requests.ReadByte() >= 0)
        {
            TimeSpan? taken = how switch
            {
                Tare => Launch(start),
                Framework => Launch(program),
                Sandboxed => SandboxAsync(program, arguments).GetAwaiter().GetResult(),
                SandboxedWhole => SandboxWholeAsync(program, arguments).GetAwaiter().GetResult(),
                Pooled => PooledAsync(pool!, program, arguments).GetAwaiter().GetResult(),
                _ => null,
            };
            BinaryPrimitives.WriteInt64LittleEndian(answer, (taken?.Ticks ?? 0) * TimeSpan.NanosecondsPerTick);
            answers.Write(answer);
        }

        pool?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.KeepAlive(kept);
        return 0;
    }

    private static TimeSpan? Launch(PreparedStart start)
    {
        long begin = Stopwatch.GetTimestamp();
        using ChildProcess child = start.Start();
        ProcessExit exit = child.WaitForExit();
        return exit.Success ? Stopwatch.GetElapsedTime(begin) : null;
    }

    private static TimeSpan? Launch(string program)
    {
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program) { UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(begin) : null;
    }

    private static async Task<TimeSpan?> SandboxAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        await using SandboxedProcess sandboxed = Sandbox.Start(program, arguments, InHostNetwork);
        ProcessExit exit = sandboxed.Process.WaitForExit();
        return exit.Success ? Stopwatch.GetElapsedTime(begin) : null;
    }

    private static async Task<TimeSpan?> SandboxWholeAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        SandboxResult result = await Sandbox.RunAsync(program, arguments, InHostNetwork);
        return result.Success ? Stopwatch.GetElapsedTime(begin) : null;
    }

    // The next is made while others are measured: what a start costs is a start.
    private static async Task<TimeSpan?> PooledAsync(SandboxPool pool, string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        await using SandboxedProcess sandboxed = await pool.StartAsync(program, arguments);
        ProcessExit exit = sandboxed.Process.WaitForExit();
        return exit.Success ? Stopwatch.GetElapsedTime(begin) : null;
    }

    private static byte[][] Fill(int mebibytes)
    {
        byte[][] blocks = new byte[mebibytes][];
        for (int i = 0; i < mebibytes; i++)
        {
            blocks[i] = new byte[1 << 20];
            Array.Fill(blocks[i], (byte)1);
        }

        return blocks;
    }
}
