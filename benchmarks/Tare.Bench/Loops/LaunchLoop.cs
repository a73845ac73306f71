using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
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

    /// <summary>By Tare.Processes, its output captured.</summary>
    public const string Captured = "captured";

    /// <summary>By System.Diagnostics.Process, its output captured.</summary>
    public const string FrameworkCaptured = "process-captured";

    /// <summary>By CliWrap.</summary>
    public const string Wrapped = "cliwrap";

    /// <summary>By CliWrap, its output captured.</summary>
    public const string WrappedCaptured = "cliwrap-captured";

    /// <summary>What follows the word where only the start is timed, until its call returns: the program is executed by then.</summary>
    public const string StartOnly = "-start";

    private const int PoolSize = 4;

    private static readonly SandboxOptions InHostNetwork = new() { Network = SandboxNetwork.Host };

    public static int Run(string how, string heap, string program, params string[] arguments)
    {
        byte[][] kept = Fill(int.Parse(heap, CultureInfo.InvariantCulture));
        PreparedStart start = new(new ProcessStartOptions(program, arguments));
        bool startOnly = how.EndsWith(StartOnly, StringComparison.Ordinal);
        string way = startOnly ? how[..^StartOnly.Length] : how;
        SandboxPool? pool = way == Pooled ? new SandboxPool(InHostNetwork, PoolSize) : null;
        using Stream requests = Console.OpenStandardInput();
        using Stream answers = Console.OpenStandardOutput();
        byte[] answer = new byte[8];
        while (requests.ReadByte() >= 0)
        {
            TimeSpan? taken = way switch
            {
                Tare => Launch(start, startOnly),
                Framework => Launch(program, startOnly),
                Captured => CapturedAsync(program, arguments).GetAwaiter().GetResult(),
                FrameworkCaptured => FrameworkCapturedAsync(program, arguments).GetAwaiter().GetResult(),
                Wrapped => WrappedAsync(program, arguments).GetAwaiter().GetResult(),
                WrappedCaptured => WrappedCapturedAsync(program, arguments).GetAwaiter().GetResult(),
                Sandboxed => SandboxAsync(program, arguments, startOnly).GetAwaiter().GetResult(),
                SandboxedWhole => SandboxWholeAsync(program, arguments).GetAwaiter().GetResult(),
                Pooled => PooledAsync(pool!, program, arguments, startOnly).GetAwaiter().GetResult(),
                _ => null,
            };
            BinaryPrimitives.WriteInt64LittleEndian(answer, (taken?.Ticks ?? 0) * TimeSpan.NanosecondsPerTick);
            answers.Write(answer);
        }

        pool?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.KeepAlive(kept);
        return 0;
    }

    private static TimeSpan? Launch(PreparedStart start, bool startOnly)
    {
        long begin = Stopwatch.GetTimestamp();
        using ChildProcess child = start.Start();
        TimeSpan started = Stopwatch.GetElapsedTime(begin);
        bool success = child.WaitForExit().Success;
        return Taken(success, startOnly, started, begin);
    }

    private static TimeSpan? Launch(string program, bool startOnly)
    {
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program) { UseShellExecute = false })!;
        TimeSpan started = Stopwatch.GetElapsedTime(begin);
        process.WaitForExit();
        return Taken(process.ExitCode == 0, startOnly, started, begin);
    }

    private static async Task<TimeSpan?> CapturedAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
            new ProcessStartOptions(program, arguments)
        );
        return Taken(output.ExitStatus.Success && output.StandardOutput.Length > 0, false, default, begin);
    }

    private static async Task<TimeSpan?> FrameworkCapturedAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await error;
        return Taken((await output).Length > 0 && process.ExitCode == 0, false, default, begin);
    }

    private static async Task<TimeSpan?> WrappedAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        CommandResult result = await Cli.Wrap(program).WithArguments(arguments).ExecuteAsync();
        return Taken(result.IsSuccess, false, default, begin);
    }

    private static async Task<TimeSpan?> WrappedCapturedAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        BufferedCommandResult result = await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync();
        return Taken(result.IsSuccess && result.StandardOutput.Length > 0, false, default, begin);
    }

    private static async Task<TimeSpan?> SandboxAsync(string program, string[] arguments, bool startOnly)
    {
        long begin = Stopwatch.GetTimestamp();
        await using SandboxedProcess sandboxed = Sandbox.Start(program, arguments, InHostNetwork);
        TimeSpan started = Stopwatch.GetElapsedTime(begin);
        bool success = sandboxed.Process.WaitForExit().Success;
        return Taken(success, startOnly, started, begin);
    }

    private static async Task<TimeSpan?> SandboxWholeAsync(string program, string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        SandboxResult result = await Sandbox.RunAsync(program, arguments, InHostNetwork);
        return Taken(result.Success, false, default, begin);
    }

    // The next is made before others are measured: it would take a processor from them.
    private static async Task<TimeSpan?> PooledAsync(
        SandboxPool pool,
        string program,
        string[] arguments,
        bool startOnly
    )
    {
        await pool.WaitUntilFullAsync();
        TimeSpan? taken;
        long begin = Stopwatch.GetTimestamp();
        await using (SandboxedProcess sandboxed = await pool.StartAsync(program, arguments))
        {
            TimeSpan started = Stopwatch.GetElapsedTime(begin);
            bool success = sandboxed.Process.WaitForExit().Success;
            taken = Taken(success, startOnly, started, begin);
        }

        await pool.WaitUntilFullAsync();
        return taken;
    }

    private static TimeSpan? Taken(bool success, bool startOnly, TimeSpan started, long begin)
    {
        TimeSpan whole = Stopwatch.GetElapsedTime(begin);
        return !success ? null
            : startOnly ? started
            : whole;
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
