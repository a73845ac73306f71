using System.Globalization;
using SharpFuzz;
using Tare.Fuzz.Fuzzing;

namespace Tare.Fuzz;

/// <summary>Tries targets, or prepares libraries for it: see eng/fuzz, which calls it.</summary>
internal static class Program
{
    private const string Usage = """
        usage: Tare.Fuzz try TARGET CPU-SECONDS CORPUS-FOLDER FINDINGS-FOLDER [SEED]
               Tare.Fuzz instrument LIBRARY…
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["try", string name, string seconds, string corpus, string findings, .. string[] rest]
                when rest.Length <= 1:
                int seed = rest.Length == 1 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : Environment.TickCount;
                Session session = new(AllTargets.Of(name), corpus, findings, seed);
                session.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
                return session.Findings == 0 ? 0 : 1;
            case ["instrument", .. string[] libraries] when libraries.Length > 0:
                foreach (string library in libraries)
                {
                    int count = Fuzzer.Instrument(library, static _ => true, Options.Value).Count();
                    Console.WriteLine($"{Path.GetFileName(library)}: {count} types");
                }

                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
