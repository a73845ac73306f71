using System.Text.Json.Nodes;

namespace Tare.OciCli.Tests;

/// <summary>Edits of the capabilities in a config.json.</summary>
internal static class Capabilities
{
    private static readonly string[] Sets = ["bounding", "effective", "permitted"];

    /// <summary>The program has these too.</summary>
    public static void Add(JsonObject config, params string[] names)
    {
        foreach (string set in Sets)
        {
            foreach (string name in names)
            {
                config["process"]!["capabilities"]![set]!.AsArray().Add(name);
            }
        }
    }
}
