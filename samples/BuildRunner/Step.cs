namespace BuildRunner;

/// <summary>A step of a build: a shell command, and how long it may take.</summary>
internal sealed record Step(string Name, string Command, TimeSpan Timeout)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);

    /// <summary>Reads a file of lines like <c>test [30s]: make test</c>; what begins with # is a remark.</summary>
    public static IReadOnlyList<Step> ReadAll(string path)
    {
        List<Step> steps = [];
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new FormatException($"'{line}' is no step (NAME [SECONDSs]: COMMAND)");
            }

            string name = line[..colon];
            TimeSpan timeout = Usual;
            int bracket = name.IndexOf(" [", StringComparison.Ordinal);
            if (bracket > 0 && name.EndsWith("s]", StringComparison.Ordinal))
            {
                timeout = TimeSpan.FromSeconds(double.Parse(name[(bracket + 2)..^2]));
                name = name[..bracket];
            }

            steps.Add(new Step(name, line[(colon + 2)..], timeout));
        }

        return steps;
    }
}
