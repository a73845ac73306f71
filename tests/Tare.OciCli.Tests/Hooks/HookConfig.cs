using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Edits of the hooks in a config.json.</summary>
internal static class HookConfig
{
    /// <summary>Every kind, in the order of a container's life.</summary>
    public static readonly string[] Kinds =
    [
        "prestart",
        "createRuntime",
        "createContainer",
        "startContainer",
        "poststart",
        "poststop",
    ];

    /// <summary>Where <see cref="Share"/> puts the test's folder in a container: a directory that the root file system has.</summary>
    public const string Shared = "/var";

    /// <summary>Adds a hook that is a line of shell; $0 is its kind.</summary>
    public static void Add(JsonObject config, string kind, string script) =>
        Add(
            config,
            kind,
            new JsonObject
            {
                ["path"] = "/bin/sh",
                ["args"] = new JsonArray("sh", "-c", script, kind),
                ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
            }
        );

    /// <summary>Adds a hook.</summary>
    public static void Add(JsonObject config, string kind, JsonObject hook)
    {
        JsonObject hooks = (config["hooks"] ??= new JsonObject()).AsObject();
        (hooks[kind] ??= new JsonArray()).AsArray().Add((JsonNode)hook);
    }

    /// <summary>A directory of the test's that hooks in the container find as <see cref="Shared"/>.</summary>
    public static void Share(JsonObject config, string folder) =>
        ConfigMounts.Add(config, Shared, "bind", folder, "rbind");

    /// <summary>Where a hook of this kind finds a directory that is shared.</summary>
    public static string FolderOf(string kind, string folder) => kind == "startContainer" ? Shared : folder;
}
