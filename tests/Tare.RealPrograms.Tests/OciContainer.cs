using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.RealPrograms.Tests;

/// <summary>
/// A container on the Debian root file system, made by tare-oci. With TARE_TEST_RUNTIME in the environment another
/// runtime makes it: so it can be shown that a test asks of tare-oci what runc and crun do as well.
/// </summary>
internal sealed class OciContainer : IDisposable
{
    private readonly Bundle _bundle;

    /// <summary>Starts a container and waits until it has written a text.</summary>
    public OciContainer(string[] arguments, string readyText, Action<JsonObject>? edit = null)
    {
        _bundle = Make(arguments, edit);
        Running = Tool.Start(Runtime, "run", "--bundle", _bundle.Path, Id);
        try
        {
            Running.WaitForText(readyText);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The runtime under test.</summary>
    public static string Runtime => Environment.GetEnvironmentVariable("TARE_TEST_RUNTIME") ?? Programs.TareOci;

    /// <summary>Its id.</summary>
    public string Id { get; } = $"tare-test-{Guid.NewGuid():N}";

    /// <summary>The runtime in front of it.</summary>
    public RunningTool Running { get; }

    /// <summary>What `state` says about it.</summary>
    public JsonNode State => JsonNode.Parse(Command("state").ShouldSucceed().Output)!;

    /// <summary>Its first process's number on this machine.</summary>
    public int ProcessId => (int)State["pid"]!;

    /// <summary>Runs a container to its end.</summary>
    public static ToolResult Run(string[] arguments, Action<JsonObject>? edit = null, string input = "")
    {
        using Bundle bundle = Make(arguments, edit);
        return Tool.Run(
            Runtime,
            ["run", "--bundle", bundle.Path, $"tare-test-{Guid.NewGuid():N}"],
            new ToolOptions { Input = input }
        );
    }

    /// <summary>A bundle on the Debian root file system, read-only but for /run and /tmp.</summary>
    public static Bundle Make(string[] arguments, Action<JsonObject>? edit = null) =>
        new(
            arguments,
            DebianRootfs.Get(),
            config =>
            {
                foreach (string folder in (string[])["/run", "/tmp", "/var/tmp"])
                {
                    ConfigMounts.Add(config, folder, "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777");
                }

                edit?.Invoke(config);
            }
        );

    /// <summary>Makes a configuration join another container's network namespace.</summary>
    public static void JoinNetworkOf(JsonObject config, OciContainer other)
    {
        JsonNode network = config["linux"]!["namespaces"]!
            .AsArray()
            .Single(entry => (string?)entry!["type"] == "network")!;
        network["path"] = $"/proc/{other.ProcessId.ToString(CultureInfo.InvariantCulture)}/ns/net";
    }

    /// <summary>Runs a command of the runtime on it.</summary>
    public ToolResult Command(string command, params string[] arguments) =>
        Tool.Run(Runtime, [command, Id, .. arguments]);

    /// <summary>Runs a command of the runtime on it, with options before its id.</summary>
    public ToolResult CommandWith(string command, params string[] options) =>
        Tool.Run(Runtime, [command, .. options, Id]);

    /// <summary>Its bundle's directory.</summary>
    public string BundlePath => _bundle.Path;

    /// <summary>Runs a program in it.</summary>
    public ToolResult Execute(params string[] arguments) => Tool.Run(Runtime, ["exec", Id, .. arguments]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Tool.Run(Runtime, "delete", "--force", Id);
        Running.Dispose();
        _bundle.Dispose();
    }
}
