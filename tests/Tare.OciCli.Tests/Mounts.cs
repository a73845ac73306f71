using System.Text.Json.Nodes;

namespace Tare.OciCli.Tests;

/// <summary>Edits of the mounts in a config.json.</summary>
internal static class Mounts
{
    /// <summary>Adds a mount behind those that are there.</summary>
    public static void Add(JsonObject config, string target, string type, string source, params string[] options) =>
        config["mounts"]!
            .AsArray()
            .Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["destination"] = target,
                        ["type"] = type,
                        ["source"] = source,
                        ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
                    }
            );
}
