namespace Tare.Fixtures;

/// <summary>What a test cannot do without: where the machine lacks it the test is skipped, and says why.</summary>
public static class Require
{
    /// <summary>Skips the test where it does not run as root.</summary>
    public static void Root() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    /// <summary>Skips the test where a program is not installed; gives its path.</summary>
    public static string Program(string program)
    {
        string? path = Tool.Find(program);
        Assert.SkipWhen(path is null, $"needs {program} (./test installs it when run as root)");
        return path!;
    }
}
