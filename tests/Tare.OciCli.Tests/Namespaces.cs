using System.Text.Json.Nodes;

namespace Tare.OciCli.Tests;

/// <summary>Edits of the namespaces in a config.json.</summary>
internal static class Namespaces
{
    /// <summary>The container stays in the runtime's namespace of a kind.</summary>
    public static void Remove(JsonObject config, string type) => List(config).Remove(Find(config, type)!);

    /// <summary>The container gets a new namespace of a kind, or joins one.</summary>
    public static void Set(JsonObject config, string type, string? path = null)
    {
        if (Find(config, type) is { } old)
        {
            List(config).Remove(old);
        }

        JsonObject entry = new() { ["type"] = type };
        if (path is not null)
        {
            entry["path"] = path;
        }

        List(config).Add((JsonNode)entry);
    }

    private static JsonArray List(JsonObject config) => config["linux"]!["namespaces"]!.AsArray();

    private static JsonNode? Find(JsonObject config, string type) =>
        List(config).FirstOrDefault(entry => (string?)entry!["type"] == type);
}
