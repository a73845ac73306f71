using Tare.Fixtures;

namespace Tare.Callers.Tests.Machine;

/// <summary>The configuration that README.md tells people to write: the tests use it as it stands there.</summary>
internal static class Readme
{
    /// <summary>The block of text below the line that names a file.</summary>
    public static string Snippet(string file)
    {
        string[] lines = File.ReadAllLines(Repository.At("README.md"));
        int named = Array.FindIndex(lines, line => line.Contains($"`{file}`", StringComparison.Ordinal));
        Assert.True(named >= 0, $"README.md names no `{file}`");
        return string.Join(
            '\n',
            lines
                .Skip(named)
                .SkipWhile(line => !line.StartsWith("```", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal))
        );
    }
}
