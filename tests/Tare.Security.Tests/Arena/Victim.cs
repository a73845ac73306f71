using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>
/// A runtime under attack, and what it is asked to do. With TARE_TEST_RUNTIME in the environment it is another one (runc,
/// crun): then a failed test is a report about that, not about tare-oci.
/// </summary>
internal sealed class Victim : IDisposable
{
    private readonly List<string> _ids = [];
    private readonly TemporaryDirectory _folder = new();

    /// <summary>A runtime; root is needed.</summary>
    /// <param name="isCopy">A copy of the runtime's file is used, where the attack is on that file.</param>
    public Victim(bool isCopy = false)
    {
        Require.Root();
        string original = Environment.GetEnvironmentVariable("TARE_TEST_RUNTIME") ?? Programs.TareOci;
        Runtime = Tool.Find(original) ?? original;
        if (isCopy)
        {
            string copy = _folder.At("runtime");
            Tool.InstallProgram(Runtime, copy);
            Runtime = copy;
        }

        Canary = _folder.Write("canary", "secret of the host\n");
        Outside = Directory.CreateDirectory(_folder.At("outside")).FullName;
    }

    /// <summary>The runtime's file.</summary>
    public string Runtime { get; }

    /// <summary>Where the runtime keeps its state.</summary>
    public string State => _folder.At("state");

    /// <summary>A file of the host that no container may see or change.</summary>
    public string Canary { get; }

    /// <summary>An empty directory of the host that no container may see or change.</summary>
    public string Outside { get; }

    /// <summary>A directory of the host for what the test shares with containers.</summary>
    public string NewFolder() => Directory.CreateDirectory(_folder.At(Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>A new container's id; whatever has it is removed in the end.</summary>
    public string NewId()
    {
        string id = $"tare-test-{Guid.NewGuid():N}";
        _ids.Add(id);
        return id;
    }

    /// <summary>Runs a container to its end.</summary>
    public ToolResult Run(Bundle bundle, params string[] options) =>
        Command(["run", "--bundle", bundle.Path, .. options, NewId()]);

    /// <summary>Starts a container in the foreground and waits until its program has written a text.</summary>
    public RunningTool Start(Bundle bundle, string id, string readyText)
    {
        RunningTool running = Tool.Start(Runtime, "--root", State, "run", "--bundle", bundle.Path, id);
        running.WaitForText(readyText);
        return running;
    }

    /// <summary>
    /// Creates and starts a container whose program goes on when the runtime has ended. Its standard streams are FIFOs:
    /// with the program's output comes what it writes, and its input ends with <see cref="Detached.End"/>.
    /// </summary>
    public Detached StartDetached(Bundle bundle, string id, string readyText) =>
        new(this, bundle.Path, id, readyText, _folder);

    /// <summary>Runs the runtime.</summary>
    public ToolResult Command(params string[] arguments) => Tool.Run(Runtime, ["--root", State, .. arguments]);

    /// <summary>Creates a container, which waits to be started; its standard streams are the null device.</summary>
    public ToolResult Create(Bundle bundle, string id, params string[] options) =>
        Tool.Run(
            "sh",
            [
                "-c",
                "errors=$1; shift; \"$@\" </dev/null >/dev/null 2>\"$errors\"; status=$?; cat \"$errors\" >&2; exit $status",
                "sh",
                _folder.At("errors"),
                Runtime,
                "--root",
                State,
                "create",
                "--bundle",
                bundle.Path,
                .. options,
                id,
            ],
            new ToolOptions()
        );

    /// <summary>The first process's number of a container, on this machine.</summary>
    public int ProcessOf(string id) => (int)JsonNode.Parse(Command("state", id).ShouldSucceed().Output)!["pid"]!;

    /// <summary>The path by which a container's namespace is joined.</summary>
    public string NamespaceOf(string id, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessOf(id)}/ns/{name}");

    /// <summary>Fails the test where the canary or the directory beside it are not as they were.</summary>
    public void HostShouldBeUntouched()
    {
        Assert.Equal("secret of the host\n", File.ReadAllText(Canary));
        Assert.Empty(Directory.GetFileSystemEntries(Outside));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string id in _ids)
        {
            Command("delete", "--force", id);
        }

        _folder.Dispose();
    }
}
