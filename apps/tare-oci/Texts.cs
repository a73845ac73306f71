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
    public static string Version => $"tare-oci version {Number}\ncommit: {Commit}\nspec: {SpecVersion.Newest}\n";

    /// <summary>What it was built from.</summary>
    public static string Commit => Full.Split('+') is [_, var commit, ..] ? commit : "unknown";

    private static string Full =>
        typeof(Texts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "0.0.0";

    public static string UnknownCommand(string name) => $"no such command '{name}' (see 'tare-oci --help')";

    /// <summary>The exit status of a failure: <c>exec</c> has its own, so that it is not taken for the program's.</summary>
    public static int StatusOf(string? command, Exception e) =>
        e is not CommandLine.UsageException && command == "exec" ? 255 : 1;

    /// <summary>A text on one line, whatever a configuration or an image has put into it.</summary>
    public static string OneLine(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) || char.IsSeparator(c) ? ' ' : c);
        }

        return line.ToString();
    }
}
