using Tare.Fixtures;

namespace Tare.Cli.Tests.Trying;

/// <summary>A folder in which <c>tare try</c> runs a program that changes most kinds of things.</summary>
public abstract class TryFixture : IDisposable
{
    private const string Script = """
        printf 'one\n2\nthree\n' >edited; rm gone; mv moved elsewhere; rm -r replaced; mkdir replaced; echo new >replaced/new
        mkdir -m 555 sealed 2>/dev/null; echo h >h1; ln h1 h2; ln -s kept link; mkfifo pipe; chmod 600 kept
        """;

    private protected TryFixture()
    {
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(Folder.At("work", "moved", "deep"));
        Directory.CreateDirectory(Folder.At("work", "replaced"));
        Folder.Write("work/kept", "kept\n");
        Folder.Write("work/edited", "one\ntwo\nthree\n");
        Folder.Write("work/gone", "gone\n");
        Folder.Write("work/moved/deep/file", "deep\n");
        Folder.Write("work/replaced/old", "old\n");
    }

    /// <summary>Where all of it lies.</summary>
    private protected TemporaryDirectory Folder { get; } = new();

    /// <summary>Where the program runs.</summary>
    private protected string Work => Folder.At("work");

    /// <summary>Where changes are kept.</summary>
    private protected string KeptFolder => Folder.At("state");

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void AssertApplied()
    {
        Assert.Equal("one\n2\nthree\n", Read("edited"));
        Assert.False(File.Exists(Folder.At("work", "gone")));
        Assert.False(Directory.Exists(Folder.At("work", "moved")));
        Assert.Equal("deep\n", Read("elsewhere/deep/file"));
        Assert.False(File.Exists(Folder.At("work", "replaced", "old")));
        Assert.Equal("new\n", Read("replaced/new"));
        Assert.Equal("kept\n", Read("kept"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.At("work", "kept")));
        Assert.Equal("kept", new FileInfo(Folder.At("work", "link")).LinkTarget);
        Assert.Equal("2", Tool.Run("stat", "-c", "%h", Folder.At("work", "h2")).Output.Trim());
        Assert.Equal("fifo", Tool.Run("stat", "-c", "%F", Folder.At("work", "pipe")).Output.Trim());
        Assert.Equal("555", Tool.Run("stat", "-c", "%a", Folder.At("work", "sealed")).Output.Trim());
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(Work, "*", SearchOption.AllDirectories),
            path => Path.GetFileName(path).StartsWith(".tare", StringComparison.Ordinal)
        );
    }

    private string[] State(string[] options) => options.Contains("--state") ? [] : ["--state", KeptFolder];

    private protected string Read(string name) => File.ReadAllText(Path.Combine(Work, name));

    private protected ToolResult Call(params string[] words) =>
        TareProgram.Call(["try", "--state", KeptFolder, .. words]);

    private protected ToolResult Try(params string[] options) => Shell(Script, options);

    private protected ToolResult Try(Dictionary<string, string?> environment, params string[] options) =>
        Shell(Script, environment, options);

    private protected ToolResult Shell(string script, params string[] options) => Shell(script, [], options);

    private protected ToolResult Shell(
        string script,
        Dictionary<string, string?> environment,
        params string[] options
    ) =>
        Tool.Run(
            Programs.Tare,
            ["try", .. State(options), .. options, "--", "sh", "-c", script],
            new ToolOptions { WorkingDirectory = Work, Environment = environment }
        );
}
