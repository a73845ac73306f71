using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tare.Fuzz.Fuzzing;

/// <summary>Tries a target for a time of the processor, with a corpus that grows by what is new.</summary>
internal sealed class Session(Target target, string corpusFolder, string findingsFolder, int seed)
{
    /// <summary>One input may not take longer, in time of the processor.</summary>
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _known = [];
    private readonly Process _self = Process.GetCurrentProcess();

    /// <summary>How many different promises were broken.</summary>
    public int Findings => _known.Count;

    /// <summary>Goes on for so long or until SIGTERM, and prints a line a minute.</summary>
    public void Run(TimeSpan limit)
    {
        bool isStopped = false;
        using PosixSignalRegistration stop = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            context => isStopped = context.Cancel = true
        );
        using Coverage coverage = new();
        List<byte[]> corpus = Corpus.Read(corpusFolder, target.Name);
        corpus.ForEach(input => Try(input, coverage));
        int kept = corpus.Count;
        Console.WriteLine($"{target.Name}: seed {seed}, {kept} inputs, {coverage.Branches} branches");

        Mutation mutation = new(new Random(seed), corpus, target.IsJson);
        long tries = 0;
        TimeSpan told = TimeSpan.Zero;
        for (TimeSpan used = Used(); used < limit && !Volatile.Read(ref isStopped); used = Used())
        {
            for (int many = 0; many < 200; many++)
            {
                byte[] input = mutation.Next();
                tries++;
                if (Try(input, coverage))
                {
                    corpus.Add(input);
                }
            }

            if (used - told > TimeSpan.FromMinutes(1))
            {
                told = used;
                Tell(used, tries, corpus.Count, coverage);
            }
        }

        Tell(Used(), tries, corpus.Count, coverage);
        Corpus.Write(corpusFolder, target.Name, Smallest(corpus));
    }

    private TimeSpan Used()
    {
        _self.Refresh();
        return _self.TotalProcessorTime;
    }

    private void Tell(TimeSpan used, long tries, int inputs, Coverage coverage) =>
        Console.WriteLine(
            $"{target.Name}: {used.TotalSeconds:F0} s, {tries} tries, {inputs} inputs, {coverage.Branches} branches, {Findings} findings"
        );

    /// <summary>Whether the input is worth keeping.</summary>
    private bool Try(byte[] input, Coverage coverage)
    {
        coverage.Begin();
        long begin = Stopwatch.GetTimestamp();
        TimeSpan before = TimeSpan.Zero;
        try
        {
            target.Try(input);
            if (Stopwatch.GetElapsedTime(begin) > Slowest)
            {
                // Somebody else may have had the processor: it is tried again, and only its own time counts.
                before = Used();
                target.Try(input);
                Assert.True(Used() - before < Slowest, $"took {Used() - before} of the processor's time");
            }
        }
        catch (Exception broken)
        {
            Keep(input, broken);
            return false;
        }

        return coverage.IsNew();
    }

    private void Keep(byte[] input, Exception broken)
    {
        string place =
            new StackTrace(broken).GetFrames().FirstOrDefault(frame => IsOurs(frame))?.ToString().Trim() ?? "";
        if (_known.Add(broken.GetType().Name + place))
        {
            Directory.CreateDirectory(findingsFolder);
            string file = Path.Combine(findingsFolder, $"{target.Name}-{seed}-{_known.Count}.txt");
            File.WriteAllText(file, $"{Escapes.Write(input)}\n{broken}\n");
            Console.WriteLine(
                $"{target.Name}: FOUND {broken.GetType().Name}: {broken.Message.ReplaceLineEndings(" ")} ({file})"
            );
        }
    }

    private static bool IsOurs(StackFrame frame) =>
        frame.GetMethod()?.DeclaringType?.FullName is { } name
        && name.StartsWith("Tare.", StringComparison.Ordinal)
        && !name.StartsWith("Tare.Fuzz.Fuzzing.", StringComparison.Ordinal);

    /// <summary>As few and as short inputs as reach everything that all of them reach.</summary>
    private List<byte[]> Smallest(List<byte[]> corpus)
    {
        using Coverage coverage = new();
        List<byte[]> needed = [];
        foreach (byte[] input in corpus.OrderBy(input => input.Length))
        {
            coverage.Begin();
            target.Try(input);
            if (coverage.IsNew())
            {
                needed.Add(input);
            }
        }

        return needed;
    }
}
