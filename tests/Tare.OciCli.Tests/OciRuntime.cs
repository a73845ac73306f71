using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>
/// The runtime under test with a state directory of its own; disposing deletes the containers that were made of its ids.
/// With TARE_TEST_RUNTIME in the environment another runtime is tested: so it can be shown that a test asks of tare-oci
/// what runc does as well.
/// </summary>
internal sealed class OciRuntime : IDisposable
{
    private readonly List<string> _ids = [];
    private readonly List<IDisposable> _owned = [];

    public OciRuntime() => Require.Root();

    /// <summary>The program.</summary>
    public static string Program => Environment.GetEnvironmentVariable("TARE_TEST_RUNTIME") ?? Programs.TareOci;

    /// <summary>A directory for whatever the test needs.</summary>
    public TemporaryDirectory Folder { get; } = new();

    /// <summary>Where state is kept.</summary>
    public string Root => Folder.At("state");

    /// <summary>A name for a container that nobody else has.</summary>
    public string NewId()
    {
        string id = $"tare-test-{Guid.NewGuid():N}";
        _ids.Add(id);
        return id;
    }

    /// <summary>A bundle on the shared root file system that goes with the test.</summary>
    public Bundle NewBundle(string[] arguments, Action<JsonObject>? edit = null)
    {
        Bundle bundle = new(arguments, SharedRootfs.Path, edit);
        _owned.Add(bundle);
        return bundle;
    }

    /// <summary>Runs a command of the runtime to its end.</summary>
    public ToolResult Do(params string[] words) => Do(words, new ToolOptions());

    /// <summary>Runs a command of the runtime to its end.</summary>
    public ToolResult Do(string[] words, ToolOptions options) => Tool.Run(Program, ["--root", Root, .. words], options);

    /// <summary>
    /// Runs a command by a line of shell, in which <c>oci</c> is the runtime with its state directory and <c>$1</c> … are
    /// the arguments.
    /// </summary>
    public ToolResult Shell(string line, params string[] arguments) => StartShell(line, arguments).Wait();

    /// <summary>Starts a line of shell, as <see cref="Shell"/> runs it.</summary>
    public RunningTool StartShell(string line, params string[] arguments)
    {
        RunningTool running = Tool.Start(
            "bash",
            ["-c", $"oci() {{ '{Program}' --root '{Root}' \"$@\"; }}; {line}", "bash", .. arguments]
        );
        _owned.Add(running);
        return running;
    }

    /// <summary>Starts a command of the runtime.</summary>
    public RunningTool Start(params string[] words) => Start(words, new ToolOptions());

    /// <summary>Starts a command of the runtime.</summary>
    public RunningTool Start(string[] words, ToolOptions options)
    {
        RunningTool running = Tool.Start(Program, ["--root", Root, .. words], options);
        _owned.Add(running);
        return running;
    }

    /// <summary>Runs a container to its end.</summary>
    public ToolResult Run(string[] arguments, Action<JsonObject>? edit = null, string input = "") =>
        Do(["run", "--bundle", NewBundle(arguments, edit).Path, NewId()], new ToolOptions { Input = input });

    /// <summary>What a line of shell prints in a container of its own.</summary>
    public string[] Lines(string script, Action<JsonObject>? edit = null) =>
        Run(["sh", "-c", script], edit).ShouldSucceed().Lines;

    /// <summary>Creates a container whose program waits, if nothing else is said.</summary>
    public OciContainer Create(string[]? arguments = null, Action<JsonObject>? edit = null, string[]? options = null) =>
        new(this, NewBundle(arguments ?? ["sleep", "1000"], edit), options ?? []);

    /// <summary>
    /// A container has been made, and nobody has it in hand: what became of the runtime that made it no longer matters.
    /// </summary>
    public bool HasMade(string id) =>
        File.Exists(Path.Combine(Root, id, "record")) && !File.Exists(Path.Combine(Root, "@in-progress", id));

    /// <inheritdoc/>
    public void Dispose()
    {
        // A runtime that still runs is killed wherever it is, and what it leaves is removed after that.
        _owned.OfType<RunningTool>().ToList().ForEach(running => running.Dispose());
        foreach (string id in _ids.Where(IsThere))
        {
            Do("delete", "--force", id);
            if (IsThere(id))
            {
                Traces.WaitForProcesses(id);
                Traces.WaitForMark(Root, id);
                Do("delete", "--force", id).ShouldSucceed();
            }
        }

        _owned.ForEach(owned => owned.Dispose());
        Folder.Dispose();
        Assert.Empty(Traces.Cgroups([.. _ids]));
    }

    private bool IsThere(string id) =>
        Directory.Exists(Path.Combine(Root, id)) || File.Exists(Path.Combine(Root, "@in-progress", id));
}
