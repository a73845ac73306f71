using System.Diagnostics;
using System.Globalization;
using Tare.Fixtures;
using Tare.Fuzz.Fuzzing;

namespace Tare.Fuzz.Tests;

/// <summary>
/// What the corpora hold, and what chance makes of it, keeps every promise. Guided by branches it goes on for longer in
/// eng/fuzz, which makes the corpora. TARE_FUZZ_SECONDS makes it go on for as long here; TARE_FUZZ_SEED repeats a run.
/// </summary>
public sealed class TargetTests(ITestOutputHelper output)
{
    private const int Tries = 3_000;

    public static TheoryData<string> Targets => [.. AllTargets.List.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_of_the_corpus_keeps_the_promises(string name)
    {
        List<byte[]> corpus = CorpusOf(name);

        Assert.NotEmpty(corpus);
        Assert.All(corpus, input => Try(AllTargets.Of(name), input));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_chance_makes_of_the_corpus_keeps_the_promises(string name)
    {
        Target target = AllTargets.Of(name);
        int seed = Number("TARE_FUZZ_SEED") ?? Environment.TickCount;
        output.WriteLine($"TARE_FUZZ_SEED={seed}");
        Mutation mutation = new(new Random(seed), CorpusOf(name), target.IsJson);

        if (Number("TARE_FUZZ_SECONDS") is int seconds)
        {
            for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds; )
            {
                Try(target, mutation.Next());
            }
        }
        else
        {
            for (int tries = 0; tries < Tries; tries++)
            {
                Try(target, mutation.Next());
            }
        }
    }

    [Fact]
    public void Any_bytes_stand_in_a_corpus_as_a_line()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        string line = Escapes.Write(all);

        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal(all, Escapes.Read(line));
    }

    private static void Try(Target target, byte[] input)
    {
        try
        {
            target.Try(input);
        }
        catch (Exception broken)
        {
            Assert.Fail($"{target.Name}: {Escapes.Write(input)}\n{broken}");
        }
    }

    private static List<byte[]> CorpusOf(string name) => Corpus.Read(Repository.At("tests", "fuzz", "corpus"), name);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
