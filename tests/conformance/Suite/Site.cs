using System.Text.Json.Nodes;
using Tare.Conformance.Running;
using Tare.Fixtures;

namespace Tare.Conformance.Suite;

/// <summary>
/// Where a check works: a runtime with a state directory of its own, bundles, and a directory that containers find as
/// <see cref="Shared"/>. Disposing removes all containers, and whatever a runtime may have left of them.
/// </summary>
public sealed class Site(OciRuntime runtime) : IDisposable
{
    /// <summary>Longer than any command takes: then it hangs.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Where containers find <see cref="Exchange"/>.</summary>
    internal const string Shared = "/var";

    private readonly List<string> _ids = [];
    private readonly List<IDisposable> _owned = [];
    private string? _exchange;

    /// <summary>The runtime.</summary>
    internal OciRuntime Runtime => runtime;

    /// <summary>A directory for whatever the check needs.</summary>
    internal TemporaryDirectory Folder { get; } = new();

    /// <summary>Where state is kept.</summary>
    internal string Root => Folder.At("state");

    /// <summary>A directory of the machine that <see cref="Share"/> puts into a container.</summary>
    internal string Exchange => _exchange ??= Directory.CreateDirectory(Folder.At("exchange")).FullName;

    /// <summary>A name for a container that nobody else has.</summary>
    internal string NewId()
    {
        string id = $"tare-conformance-{Guid.NewGuid():N}";
        _ids.Add(id);
        return id;
    }

    /// <summary>Puts <see cref="Exchange"/> into a container.</summary>
    internal JsonObject Share(JsonObject config) => config.Bind(Exchange, Shared);

    /// <summary>Makes a bundle; gives its path.</summary>
    internal string NewBundle(string[] arguments, Action<JsonObject>? edit = null, string? rootfs = null)
    {
        JsonObject config = BaseConfig.Of(rootfs ?? SharedRootfs.Path, arguments);
        edit?.Invoke(config);
        return NewBundle(config.ToJsonString());
    }

    /// <summary>Makes a bundle with a config.json of any text; gives its path.</summary>
    internal string NewBundle(string config)
    {
        string path = Directory.CreateDirectory(Folder.At(Guid.NewGuid().ToString("N"))).FullName;
        File.WriteAllText(Path.Combine(path, "config.json"), config);
        return path;
    }

    /// <summary>A root file system that the check may change.</summary>
    internal string NewRootfs() => BusyboxRootfs.Create(Folder.At("rootfs-" + Guid.NewGuid().ToString("N")));

    /// <summary>Runs a command of the runtime to its end.</summary>
    internal ToolResult Do(params string[] words) => Do(words, "");

    /// <summary>Runs a command of the runtime to its end.</summary>
    internal ToolResult Do(string[] words, string input, IReadOnlyDictionary<string, string?>? environment = null)
    {
        ToolOptions options = new()
        {
            Input = input,
            Deadline = Longest,
            Environment = environment ?? new Dictionary<string, string?>(),
        };
        string[] command = runtime.Command(Root, words);
        return Tool.Run(command[0], command[1..], options);
    }

    /// <summary>Starts a command of the runtime.</summary>
    internal RunningTool Start(params string[] words)
    {
        string[] command = runtime.Command(Root, words);
        return Own(Tool.Start(command[0], command[1..]));
    }

    /// <summary>Runs a line of shell in which <c>"$@"</c> is a command of the runtime.</summary>
    internal ToolResult Shell(string line, params string[] words) =>
        Tool.Run("bash", ["-c", line, "bash", .. runtime.Command(Root, words)], new ToolOptions { Deadline = Longest });

    /// <summary>Runs a program in a container of its own to its end.</summary>
    internal ToolResult RunProgram(string[] arguments, Action<JsonObject>? edit = null, string input = "") =>
        Do(["run", "--bundle", NewBundle(arguments, edit), NewId()], input);

    /// <summary>Runs a line of shell in a container of its own to its end.</summary>
    internal ToolResult Run(string script, Action<JsonObject>? edit = null, string input = "") =>
        RunProgram(["sh", "-c", script], edit, input);

    /// <summary>What a line of shell prints in a container of its own; it must succeed.</summary>
    internal string[] Lines(string script, Action<JsonObject>? edit = null) => Run(script, edit).ShouldSucceed().Lines;

    /// <summary>
    /// The runtime must refuse to create a container of this configuration, say why, and leave nothing: no state, no cgroup, no mount. Gives what
    /// it said.
    /// </summary>
    internal string Refuses(Action<JsonObject> edit)
    {
        string id = NewId();
        return RefusesBundle(NewBundle(["true"], edit), id);
    }

    /// <summary>The runtime must refuse to create a container of this bundle, and leave nothing.</summary>
    internal string RefusesBundle(string bundle, string id)
    {
        ToolResult create = Create(bundle, id);
        Assert.True(create.ExitCode != 0, $"create has succeeded; it said '{create.Errors}'");
        Assert.True(create.Errors.Trim().Length > 0, "create has failed without a word");
        Assert.True(Do("state", id).ExitCode != 0, "create has failed, but state knows the container");
        string[] left = Leftovers.Of(id, bundle);
        Assert.True(left.Length == 0, "left behind: " + string.Join(", ", left));
        return create.Errors;
    }

    /// <summary>Runs <c>create</c> whatever comes of it; the program's output is lost.</summary>
    internal ToolResult Create(string bundle, string id, params string[] options)
    {
        string errors = Folder.At("errors-" + Guid.NewGuid().ToString("N"));
        ToolResult result = Shell(
            $"\"$@\" </dev/null >/dev/null 2>'{errors}'",
            ["create", "--bundle", bundle, .. options, id]
        );
        return result with { Errors = File.ReadAllText(errors) };
    }

    /// <summary>Creates a container whose program waits, if nothing else is said. It must succeed.</summary>
    internal Container Create(string script = "exec sleep 1000", Action<JsonObject>? edit = null) =>
        CreateFrom(NewBundle(["sh", "-c", script], edit));

    /// <summary>Creates a container of a bundle. It must succeed.</summary>
    internal Container CreateFrom(string bundle, params string[] options)
    {
        string id = NewId();
        RunningTool creation = Start(["create", "--bundle", bundle, .. options, id]);
        int status = creation.WaitForExit(Longest);
        Assert.True(status == 0, $"create exited with {status}: {creation.Errors}");
        return new Container(this, id, bundle, creation);
    }

    /// <summary>Creates and starts a container.</summary>
    internal Container Started(string script = "exec sleep 1000", Action<JsonObject>? edit = null) =>
        Create(script, edit).Start();

    /// <summary>Keeps something until the check is over.</summary>
    internal T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string id in _ids.Where(id => Directory.Exists(Path.Combine(Root, id))))
        {
            Do("delete", "--force", id);
        }

        foreach (string id in _ids)
        {
            Leftovers.Remove(id);
        }

        _owned.ForEach(owned => owned.Dispose());
        Folder.Dispose();
    }
}
