namespace Tare.Bench.Measuring;

/// <summary>
/// Runs subjects in turn, so that whatever else the machine does meanwhile meets all of them. Each round begins with
/// another subject, since who comes after a costly one pays for its cleaning up.
/// </summary>
internal static class Rounds
{
    private const int WarmUp = 5;

    public static IReadOnlyList<Sample> Measure(IReadOnlyList<Subject> subjects, int rounds)
    {
        TimeSpan[][] times = [.. subjects.Select(_ => new TimeSpan[rounds])];
        for (int round = -WarmUp; round < rounds; round++)
        {
            for (int i = 0; i < subjects.Count; i++)
            {
                int subject = (i + round + WarmUp) % subjects.Count;
                TimeSpan taken = subjects[subject].Run();
                if (round >= 0)
                {
                    times[subject][round] = taken;
                }
            }
        }

        return [.. subjects.Select((subject, i) => new Sample(subject.Name, times[i]))];
    }
}
