using System.Buffers.Binary;
using Tare.Bench.Measuring;
using Tare.Processes;

namespace Tare.Bench.Subjects;

/// <summary>A program that takes the time itself: for each byte that it is sent it does something once, and says how long it took.</summary>
internal sealed class AskedSubject : Subject
{
    private readonly ChildProcess process;

    public AskedSubject(string name, string program, params string[] arguments)
        : base(name) =>
        process = ChildProcess.Start(
            new ProcessStartOptions(program, arguments)
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
                KillOnParentExit = true,
            }
        );

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        process.StandardInput!.Write("x"u8);
        Span<byte> answer = stackalloc byte[8];
        process.StandardOutput!.ReadExactly(answer);
        long nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(answer);
        return nanoseconds > 0
            ? new TimeSpan(nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw new BenchException($"{Name} failed");
    }

    /// <inheritdoc/>
    protected override void End()
    {
        process.StandardInput!.Dispose();
        process.WaitForExit();
        process.Dispose();
    }
}
