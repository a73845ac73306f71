using System.Diagnostics;
using Tare.Bench.Measuring;
using Tare.Linux;

namespace Tare.Bench.Subjects;

/// <summary>A file copied into sealed memory, as runtimes do with their own for each command, so that no container reaches it.</summary>
internal sealed class CopySubject(string name, string file) : Subject(name)
{
    private const int Longest = 1 << 28;

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        long begin = Stopwatch.GetTimestamp();
        byte[] content = Files.ReadAllAt(null, file, Longest).OrThrow("read", file);
        using MemoryFd copy = MemFds.CreateSealed("copy", content).OrThrow("make a sealed file");
        return Stopwatch.GetElapsedTime(begin);
    }
}
