using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Porta.Pty;

// Porta.Pty as a subject of ./bench: `porta-pty BYTES WRITER` starts the writer of benchmarks/spawn at a terminal for each byte
// on standard input, reads all that it writes, and answers with nanoseconds; 0 is a failure.
const int Block = 64 * 1024;

if (args is ["--version"])
{
    Console.WriteLine($"Porta.Pty {typeof(PtyProvider).Assembly.GetName().Version!.ToString(3)}");
    return;
}

long expected = long.Parse(args[0], CultureInfo.InvariantCulture);
string writer = args[1];
byte[] buffer = new byte[Block];
byte[] answer = new byte[sizeof(long)];
using Stream requests = Console.OpenStandardInput();
using Stream answers = Console.OpenStandardOutput();
while (requests.ReadByte() >= 0)
{
    long begin = Stopwatch.GetTimestamp();
    using IPtyConnection connection = await PtyProvider.SpawnAsync(
        new PtyOptions
        {
            App = writer,
            CommandLine = ["write", args[0]],
            Cwd = Environment.CurrentDirectory,
            Rows = 24,
            Cols = 80,
        },
        CancellationToken.None
    );
    long left = expected - ReadAll(connection.ReaderStream);
    TimeSpan taken = Stopwatch.GetElapsedTime(begin);
    bool ended = connection.WaitForExit(Timeout.Infinite) && connection.ExitCode == 0 && left == 0;
    BinaryPrimitives.WriteInt64LittleEndian(answer, ended ? taken.Ticks * TimeSpan.NanosecondsPerTick : 0);
    answers.Write(answer);
}

// A terminal whose other side nobody holds any more is read as an error.
long ReadAll(Stream stream)
{
    long all = 0;
    try
    {
        int read;
        while ((read = stream.Read(buffer, 0, Block)) > 0)
        {
            all += read;
        }
    }
    catch (IOException) { }

    return all;
}
