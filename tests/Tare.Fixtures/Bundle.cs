using System.Text.Json.Nodes;

namespace Tare.Fixtures;

/// <summary>An OCI bundle that goes with the test: what `runc spec` writes, with its program's arguments and without a terminal.</summary>
public sealed class Bundle : IDisposable
{
    private static readonly Lazy<string> DefaultConfig = new(MakeDefaultConfig);
    private readonly TemporaryDirectory _folder = new();

    /// <summary>Makes a bundle with a busybox root file system, or with <paramref name="rootfs"/>.</summary>
    public Bundle(string[] arguments, string? rootfs = null, Action<JsonObject>? edit = null)
    {
        Rootfs = rootfs ?? BusyboxRootfs.Create(_folder.At("rootfs"));
        JsonObject config = JsonNode.Parse(DefaultConfig.Value)!.AsObject();
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        config["root"]!["path"] = Rootfs;
        edit?.Invoke(config);
        _folder.Write("config.json", config.ToJsonString());
    }

    /// <summary>The bundle's directory, which holds config.json.</summary>
    public string Path => _folder.Path;

    /// <summary>The root file system's directory.</summary>
    public string Rootfs { get; }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string MakeDefaultConfig()
    {
        string runc = Require.Program("runc");
        using TemporaryDirectory folder = new();
        Tool.Run(runc, "spec", "--bundle", folder.Path).ShouldSucceed();
        return File.ReadAllText(folder.At("config.json"));
    }
}
