using Tare.Fixtures;

namespace Tare.Architecture.Tests;

/// <summary>The repository's own files.</summary>
public static class Tree
{
    private static readonly string[] Areas = ["src", "apps", "samples", "tests", "benchmarks"];

    public static IReadOnlyList<ProjectFile> Projects { get; } =
    [.. Files("*.csproj").Select(file => ProjectFile.Parse(file, File.ReadAllText(Repository.At(file))))];

    public static IReadOnlyList<SourceFile> Sources { get; } =
    [.. Files("*.cs").Select(file => new SourceFile(file, File.ReadAllText(Repository.At(file))))];

    private static IEnumerable<string> Files(string pattern) =>
        Areas
            .Select(area => Repository.At(area))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Order(StringComparer.Ordinal);
}
