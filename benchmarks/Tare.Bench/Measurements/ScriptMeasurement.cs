using Tare.Bench.Measuring;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary>What the launcher script costs when there is nothing to build.</summary>
internal static class ScriptMeasurement
{
    private const string Program = "artifacts/bin/tare";

    public static Measurement Make(Site site) =>
        new()
        {
            Name = "script",
            Title = "`./tare --version` with nothing to build",
            Subjects =
            [
                new CommandSubject("./tare", site.Peers.Machine, $"{site.Root}/tare", "--version"),
                new CommandSubject(Program, site.Peers.Machine, site.Tare, "--version"),
            ],
            Goals = [new Goal(Program, TimeSpan.FromMilliseconds(20))],
        };
}
