namespace Tare.Fixtures;

/// <summary>What a program that has ended left.</summary>
/// <param name="Command">The command line, for messages.</param>
/// <param name="ExitCode">The exit status as a shell gives it: 128 + n after signal n.</param>
/// <param name="Output">All of standard output.</param>
/// <param name="Errors">All of standard error.</param>
public sealed record ToolResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of standard output, without the last line's end.</summary>
    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');

    /// <summary>Fails the test, with all the program said, where it did not exit with 0.</summary>
    public ToolResult ShouldSucceed() => ShouldExitWith(0);

    /// <summary>Fails the test, with all the program said, where it did not exit with <paramref name="status"/>.</summary>
    public ToolResult ShouldExitWith(int status)
    {
        Assert.True(ExitCode == status, $"'{Command}' exited with {ExitCode}, not {status}:\n{Output}\n{Errors}");
        return this;
    }
}
