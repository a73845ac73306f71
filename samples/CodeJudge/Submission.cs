namespace CodeJudge;

/// <summary>What somebody handed in.</summary>
internal sealed record Submission(string Name, Language Language, string Source, Problem Problem)
{
    /// <summary>The submissions in a folder, each for every problem; EXPRESSION in one is the problem's.</summary>
    public static IEnumerable<Submission> ReadAll(string folder) =>
        from file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
        let language = Language.All.FirstOrDefault(one => one.Extension == Path.GetExtension(file))
        where language is { IsHere: true }
        from problem in Problem.All
        select new Submission(
            Path.GetFileName(file),
            language,
            File.ReadAllText(file).Replace("EXPRESSION", problem.Expression, StringComparison.Ordinal),
            problem
        );
}
