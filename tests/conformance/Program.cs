using Tare.Conformance.Reports;
using Tare.Conformance.Running;
using Tare.Conformance.Suite;

namespace Tare.Conformance;

/// <summary>Makes all checks of runtimes, and prints the table.</summary>
internal static class Program
{
    private const string Usage = """
        usage: Tare.Conformance [--only TEXT] [--table FILE] RUNTIME…
          RUNTIME        a program by its name in PATH or by its path
          --only TEXT    checks whose group or requirement holds a text
          --table FILE   writes the table as Markdown; needs all checks
        Ends with 1 where a runtime does not do what is asked for, and is not known for it.
        """;

    private static int Main(string[] arguments)
    {
        string only = "";
        string? file = null;
        List<string> names = [];
        for (int at = 0; at < arguments.Length; at++)
        {
            switch (arguments[at])
            {
                case "--only" when at + 1 < arguments.Length:
                    only = arguments[++at];
                    break;
                case "--table" when at + 1 < arguments.Length:
                    file = arguments[++at];
                    break;
                default:
                    names.Add(arguments[at]);
                    break;
            }
        }

        if (names.Count == 0 || names.Exists(name => name[0] == '-') || (file is not null && only.Length > 0))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Console.Error.WriteLine("conformance: EPERM (containers are made: run it as root)");
            return 1;
        }

        try
        {
            return Run([.. names.Select(OciRuntime.Of)], only, file) ? 0 : 1;
        }
        catch (FileNotFoundException missing)
        {
            Console.Error.WriteLine($"conformance: {missing.Message}");
            return 1;
        }
        finally
        {
            SharedRootfs.Remove();
        }
    }

    private static bool Run(OciRuntime[] runtimes, string only, string? file)
    {
        KnownPeerFailures known = KnownPeerFailures.Load();
        ConformanceTable table = new(runtimes, known);
        bool asExpected = true;
        foreach ((Group group, Check check) in Checklist.All.Where(pair => IsMeant(pair.Group, pair.Check, only)))
        {
            foreach (OciRuntime runtime in runtimes)
            {
                Outcome outcome = Runner.Run(runtime, check);
                table.Add(check, runtime, outcome);
                bool isKnown = known.ReasonOf(runtime, group.Name, check.Requirement) is not null;
                asExpected &= outcome.Verdict == Verdict.Skipped || (outcome.Verdict == Verdict.Failed) == isKnown;
                Console.WriteLine(
                    $"{Word(outcome.Verdict, isKnown)}\t{runtime.Name}\t{runtime.Version}\t{group.Name}\t{check.Requirement}"
                        + (outcome.Why.Length == 0 ? "" : "\t" + outcome.Why.ReplaceLineEndings(" ⏎ "))
                );
            }
        }

        if (file is not null)
        {
            File.WriteAllText(file, table.ToString());
        }

        return asExpected;
    }

    private static bool IsMeant(Group group, Check check, string only) =>
        group.Name.Contains(only, StringComparison.OrdinalIgnoreCase)
        || check.Requirement.Contains(only, StringComparison.OrdinalIgnoreCase);

    private static string Word(Verdict verdict, bool isKnown) =>
        (verdict, isKnown) switch
        {
            (Verdict.Passed, false) => "does",
            (Verdict.Passed, true) => "DOES, against what is known",
            (Verdict.Failed, true) => "does not, as is known",
            (Verdict.Failed, false) => "DOES NOT",
            _ => "skipped",
        };
}
