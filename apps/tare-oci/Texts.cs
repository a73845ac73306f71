using System.Reflection;
using System.Text;

namespace Tare.OciCli;

/// <summary>What the program says besides help pages and documents.</summary>
internal static class Texts
{
    /// <summary>The newest version of the runtime specification that is understood.</summary>
    public const string SpecVersion = "1.3.0";

    /// <summary>What <c>--version</c> prints: callers look for the first line and for <c>commit:</c>.</summary>
    public static string Version
    {
        get
        {
            string full =
                typeof(Texts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? "0.0.0";
            int plus = full.IndexOf('+', StringComparison.Ordinal);
            string version = plus < 0 ? full : full[..plus];
            string commit = plus < 0 ? "unknown" : full[(plus + 1)..];
            return $"tare-oci version {version}\ncommit: {commit}\nspec: {SpecVersion}\n";
        }
    }

    public static string UnknownCommand(string name) => $"no such command '{OneLine(name)}' (see 'tare-oci --help')";

    /// <summary>An exception's message on one line.</summary>
    public static string Line(Exception e) => OneLine(e.Message);

    /// <summary>The exit status of a failure: <c>exec</c> has its own, so that it is not taken for the program's.</summary>
    public static int StatusOf(ReadOnlySpan<string> args, Exception e) =>
        e is not CommandLine.UsageException && args.Contains("exec") ? 255 : 1;

    private static string OneLine(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }
}
