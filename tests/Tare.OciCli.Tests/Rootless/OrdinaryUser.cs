using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>
/// An ordinary user of this machine, who has subordinate ids: the accounts are files of the test's, bound over /etc in a
/// mount namespace of each command.
/// </summary>
internal sealed class OrdinaryUser : IDisposable
{
    /// <summary>The user's number and the group's.</summary>
    public const int Id = 54_321;

    /// <summary>Where the user's subordinate ids begin.</summary>
    public const int FirstSubordinate = 400_000;

    private const string Become = """
        for file in passwd group subuid subgid; do
            touch "/etc/$file"
            mount --bind "$1/$file" "/etc/$file" || exit 125
        done
        shift
        exec setpriv --reuid=54321 --regid=54321 --clear-groups -- "$@"
        """;

    private readonly TemporaryDirectory _folder = new();
    private readonly List<string> _ids = [];
    private readonly List<IDisposable> _owned = [];

    public OrdinaryUser()
    {
        Require.Root();
        Require.Program("newuidmap");
        _folder.Write("passwd", "root:x:0:0:root:/root:/bin/sh\ntester:x:54321:54321::/:/bin/sh\n");
        _folder.Write("group", "root:x:0:\ntester:x:54321:\n");
        _folder.Write("subuid", "tester:400000:65536\n");
        _folder.Write("subgid", "tester:400000:65536\n");
        Directory.CreateDirectory(Home);
        Tool.Run("chown", $"{Id}:{Id}", Home).ShouldSucceed();
    }

    /// <summary>A directory of the user's.</summary>
    public string Home => _folder.At("home");

    /// <summary>Where state is kept.</summary>
    public string Root => Path.Combine(Home, "state");

    /// <summary>A bundle as <c>spec --rootless</c> writes it.</summary>
    public Bundle NewBundle(string[] arguments, Action<JsonObject>? edit = null)
    {
        JsonObject rootless = Spec();
        Bundle bundle = new(
            arguments,
            SharedRootfs.Path,
            config =>
            {
                foreach (string part in (string[])["mounts", "linux"])
                {
                    config[part] = rootless[part]!.DeepClone();
                }

                edit?.Invoke(config);
            }
        );
        _owned.Add(bundle);
        return bundle;
    }

    /// <summary>A name for a container.</summary>
    public string NewId()
    {
        string id = $"tare-test-{Guid.NewGuid():N}";
        _ids.Add(id);
        return id;
    }

    /// <summary>Runs a command of the runtime as this user.</summary>
    public ToolResult Do(params string[] words) => Start(words).Wait();

    /// <summary>Starts a command of the runtime as this user.</summary>
    public RunningTool Start(params string[] words) => StartTool([OciRuntime.Program, "--root", Root, .. words]);

    /// <summary>Starts a program as this user.</summary>
    public RunningTool StartTool(string[] command)
    {
        RunningTool running = Tool.Start(
            "unshare",
            ["--mount", "--propagation=private", "bash", "-c", Become, "bash", _folder.Path, .. command],
            new ToolOptions { WorkingDirectory = Home }
        );
        _owned.Add(running);
        return running;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string id in _ids)
        {
            if (Directory.Exists(Path.Combine(Root, id)))
            {
                Do("delete", "--force", id);
            }
        }

        _owned.ForEach(owned => owned.Dispose());
        _folder.Dispose();
    }

    private JsonObject Spec()
    {
        string folder = Path.Combine(Home, $"spec-{Guid.NewGuid():N}");
        StartTool(["mkdir", folder]).Wait().ShouldSucceed();
        StartTool([OciRuntime.Program, "spec", "--rootless", "--bundle", folder]).Wait().ShouldSucceed();
        return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
    }
}
