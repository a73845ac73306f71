using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Tare.Processes;

namespace Tare.Bench.Loops;

/// <summary>
/// This program as a subject: <c>read pipe|pty BYTES WRITER</c> starts the writer of benchmarks/spawn for each byte on standard
/// input, reads all that it writes, and answers with nanoseconds.
/// </summary>
internal static class ReadLoop
{
    /// <summary>What the first argument is.</summary>
    public const string Word = "read";

    private const int Block = 64 * 1024;

    public static int Run(string how, string bytes, string writer)
    {
        ProcessStartOptions options = new(writer, "write", bytes);
        PreparedStart start = new(
            how == "pty"
                ? options with
                {
                    Terminal = new TerminalSize(24, 80),
                }
                : options with
                {
                    StandardOutput = ChildStream.Pipe,
                }
        );
        long expected = long.Parse(bytes, CultureInfo.InvariantCulture);
        using Stream requests = Console.OpenStandardInput();
        using Stream answers = Console.OpenStandardOutput();
        byte[] answer = new byte[8];
        byte[] buffer = new byte[Block];
        while (requests.ReadByte() >= 0)
        {
            long begin = Stopwatch.GetTimestamp();
            long left = ReadAllAsync(start, buffer, expected).GetAwaiter().GetResult();
            long taken = left == 0 ? Stopwatch.GetElapsedTime(begin).Ticks * TimeSpan.NanosecondsPerTick : 0;
            BinaryPrimitives.WriteInt64LittleEndian(answer, taken);
            answers.Write(answer);
        }

        return 0;
    }

    private static async Task<long> ReadAllAsync(PreparedStart start, byte[] buffer, long left)
    {
        await using ChildProcess child = start.Start();
        Stream output = child.Terminal?.Stream ?? child.StandardOutput!;
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0)
        {
            left -= read;
        }

        return left;
    }
}
