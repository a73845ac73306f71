namespace Tare.Fixtures;

/// <summary>A CRIU that can deal with this machine's kernel, whatever the machine has installed: Debian's newest, fetched once.</summary>
public static class Criu
{
    private static readonly Lazy<string?> Fetched = new(Fetch);

    /// <summary>Puts it first in PATH, for programs that tests start. Skips the test where it cannot be had or does not work.</summary>
    public static void Require()
    {
        Fixtures.Require.Root();
        Assert.SkipWhen(Fetched.Value is not null, $"no CRIU for this machine: {Fetched.Value}");
    }

    /// <summary>Skips the test where this kernel does not have a feature, as `criu check` names them.</summary>
    public static void RequireFeature(string feature)
    {
        Require();
        ToolResult check = Tool.Run("criu", "check", "--feature", feature);
        Assert.SkipWhen(check.ExitCode != 0, $"this kernel has no {feature} for CRIU");
    }

    /// <summary>Whether this kernel has a feature, as `criu check` names them.</summary>
    public static bool HasFeature(string feature) => Tool.Run("criu", "check", "--feature", feature).ExitCode == 0;

    /// <summary>The folder with CRIU and what it runs, all that they are linked to included. Skips the test where it cannot be had.</summary>
    public static string Folder()
    {
        ToolResult fetched = FetchNewest();
        Assert.SkipUnless(fetched.ExitCode == 0, $"no CRIU: {fetched.Errors.Trim()}");
        return fetched.Lines[^1];
    }

    private static ToolResult FetchNewest() =>
        Tool.Run(Repository.At("eng", "fetch-criu"), ["sid"], new ToolOptions { Deadline = TimeSpan.FromMinutes(10) });

    // Why there is none; null where there is one.
    private static string? Fetch()
    {
        ToolResult fetched = FetchNewest();
        if (fetched.ExitCode != 0)
        {
            return fetched.Errors.Trim();
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        Environment.SetEnvironmentVariable("PATH", $"{fetched.Lines[^1]}:{path}:/usr/sbin:/sbin");
        ToolResult check = Tool.Run("criu", "check");
        return check.ExitCode == 0 ? null : $"{check.Output}{check.Errors}".Trim();
    }
}
