using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests;

/// <summary>A user without privileges, with a home directory and a copy of <c>tare</c> that it may execute. Needs root.</summary>
internal sealed class OrdinaryUser : IDisposable
{
    /// <summary>The user's number, and that of its group.</summary>
    public const int Id = 24_680;

    private readonly TemporaryDirectory _folder = new();

    public OrdinaryUser()
    {
        Require.Root();
        Tare = _folder.At("tare");
        Tool.InstallProgram(Programs.Tare, Tare);
        Home = _folder.At("home");
        MakeDirectory(Home);
    }

    /// <summary>The copy of the program.</summary>
    public string Tare { get; }

    /// <summary>The home directory.</summary>
    public string Home { get; }

    /// <summary><c>tare</c> with these words, in the home directory.</summary>
    public ToolResult Call(params string[] words) => Tool.Run(Tare, words, Options);

    /// <summary>A shell in a sandbox.</summary>
    public ToolResult Shell(string script, params string[] options) =>
        Call(["run", .. options, "--", "sh", "-c", script]);

    /// <summary>How its programs are run.</summary>
    public ToolOptions Options =>
        new()
        {
            User = Id,
            WorkingDirectory = Home,
            Environment = new Dictionary<string, string?>
            {
                ["HOME"] = Home,
                ["XDG_RUNTIME_DIR"] = null,
                ["DOTNET_CLI_HOME"] = Home,
                ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            },
        };

    /// <summary>Makes a directory that is this user's.</summary>
    public static void MakeDirectory(string path)
    {
        Directory.CreateDirectory(path);
        string id = Id.ToString(CultureInfo.InvariantCulture);
        Tool.Run("chown", $"{id}:{id}", path).ShouldSucceed();
    }

    public void Dispose() => _folder.Dispose();
}
