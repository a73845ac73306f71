using System.Text.Json.Nodes;

namespace Tare.Fixtures;

/// <summary>Edits of the mounts in a config.json.</summary>
public static class ConfigMounts
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
