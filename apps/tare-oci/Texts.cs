using System.Reflection;
using System.Text;
using Tare.Oci;

namespace Tare.OciCli;

/// <summary>What the program says besides help pages and documents.</summary>
internal static class Texts
{
    /// <summary>The version of this program.</summary>
    public static string Number => Full.Split('+')[0];

    /// <summary>What <c>--version</c> prints: callers look for the first line and for <c>commit:</c>.</summary>
    public static string Version
    {
        get
        {
            string[] parts = Full.Split('+');
            string commit = parts.Length > 1 ? parts[1] : "unknown";
            return $"tare-oci version {parts[0]}\ncommit: {commit}\nspec: {SpecVersion.Newest}\n";
        }
    }

    private static string Full =>
        typeof(Texts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "0.0.0";

    public static string UnknownCommand(string name) => $"no such command '{Single(name)}' (see 'tare-oci --help')";

    /// <summary>An exception's message on one line.</summary>
    public static string Line(Exception e) => Single(e.Message);

    /// <summary>The exit status of a failure: <c>exec</c> has its own, so that it is not taken for the program's.</summary>
    public static int StatusOf(ReadOnlySpan<string> args, Exception e) =>
        e is not CommandLine.UsageException && args.Contains("exec") ? 255 : 1;

    private static string Single(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }
}
