using System.Text.Json.Nodes;

namespace Tare.OciCli.Tests;

/// <summary>Edits that give a container a user namespace.</summary>
internal static class UserNamespaces
{
    /// <summary>Where the ids of the container begin on this machine.</summary>
    public const int First = 100_000;

    /// <summary>A new one, in which 65536 ids are mapped from <see cref="First"/> on.</summary>
    public static void Add(JsonObject config) => Add(config, (0, First, 65536));

    /// <summary>A new one with these maps of users and groups: inside, outside, how many.</summary>
    public static void Add(JsonObject config, params (int Inside, int Outside, int Size)[] ranges)
    {
        Namespaces.Set(config, "user");
        foreach (string map in (string[])["uidMappings", "gidMappings"])
        {
            config["linux"]![map] = new JsonArray([
                .. ranges.Select(range =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["containerID"] = range.Inside,
                            ["hostID"] = range.Outside,
                            ["size"] = range.Size,
                        }
                ),
            ]);
        }
    }
}
