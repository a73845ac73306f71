using System.Runtime.CompilerServices;

namespace Tare.Runtime.Tests.Planning;

/// <summary>A text that is kept beside the tests and must not change by itself. TARE_GOLDEN=write writes it anew.</summary>
internal static class GoldenFile
{
    /// <summary>Compares a text with the file's, line by line.</summary>
    public static void Compare(string name, string text)
    {
        string path = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable("TARE_GOLDEN") == "write")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(
            File.Exists(path),
            $"{path} is missing: run the test with TARE_GOLDEN=write and read what it wrote"
        );
        string[] expected = File.ReadAllText(path).Split('\n');
        string[] actual = text.Split('\n');
        int same = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            same == expected.Length && same == actual.Length,
            $"{name} differs from line {same + 1} on (TARE_GOLDEN=write writes it anew):\n"
                + $"expected: {expected.ElementAtOrDefault(same)}\n  actual: {actual.ElementAtOrDefault(same)}"
        );
    }

    /// <summary>The names of all files.</summary>
    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder()).Select(path => Path.GetFileName(path));

    private static string Folder([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "Golden");
}
