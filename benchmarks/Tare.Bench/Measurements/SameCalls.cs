using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary>Whether the C program is what Tare is to be compared with: strace(1) sees the same calls of both children.</summary>
internal static class SameCalls
{
    public const string Name = "calls";

    /// <summary>What was found, a sentence.</summary>
    /// <exception cref="Measuring.BenchException">They differ; how, is on standard error.</exception>
    public static string Compare(Site site)
    {
        if (!File.Exists("/usr/bin/strace"))
        {
            return "strace is not here: it was not compared whether the C program makes the same calls.";
        }

        string script = $"{site.Root}/benchmarks/floor/compare";
        string found = CommandOutput.Lines("/bin/sh", script, site.Floor, site.TareOci, site.Bundle.Path)[0];
        return $"From the clone to the program, the child of `tare-oci run` and the child of the C program make {found}.";
    }
}
