using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>Changes to a config.json.</summary>
internal static class Configs
{
    /// <summary>Sets limits of one controller: properties of <c>linux.resources.NAME</c>.</summary>
    public static void Limit(this JsonObject config, string name, params (string Property, JsonNode Value)[] limits)
    {
        JsonObject linux = config["linux"]!.AsObject();
        JsonObject resources = linux["resources"] as JsonObject ?? [];
        linux["resources"] = resources;
        resources[name] = new JsonObject(
            limits.Select(limit => KeyValuePair.Create(limit.Property, (JsonNode?)limit.Value))
        );
    }

    /// <summary>Allows devices beside those that every container has.</summary>
    public static void Allow(this JsonObject config, string type, int major, int minor, string access) =>
        config["linux"]!["resources"]!["devices"]!
            .AsArray()
            .Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["allow"] = true,
                        ["type"] = type,
                        ["major"] = major,
                        ["minor"] = minor,
                        ["access"] = access,
                    }
            );

    /// <summary>Gives the program capabilities.</summary>
    public static void Permit(this JsonObject config, params string[] capabilities)
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            config["process"]!["capabilities"]![set] = Texts(capabilities);
        }
    }

    /// <summary>Adds a tmpfs that devices can be made and opened on.</summary>
    public static void AddTmpfs(this JsonObject config, string path) =>
        ConfigMounts.Add(config, path, "tmpfs", "tmpfs", "mode=1777");

    /// <summary>Replaces the options of a mount.</summary>
    public static void SetMountOptions(this JsonObject config, string path, params string[] options) =>
        config["mounts"]!.AsArray().Single(mount => (string?)mount!["destination"] == path)!["options"] = Texts(
            options
        );

    /// <summary>Leaves a namespace out.</summary>
    public static void RemoveNamespace(this JsonObject config, string type)
    {
        JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
        namespaces.Remove(namespaces.Single(entry => (string?)entry!["type"] == type));
    }

    /// <summary>Adds a user namespace that maps 65,536 ids from one on.</summary>
    public static void AddUserNamespace(this JsonObject config, int first)
    {
        JsonNode linux = config["linux"]!;
        linux["namespaces"]!.AsArray().Add((JsonNode)new JsonObject { ["type"] = "user" });
        foreach (string mappings in (string[])["uidMappings", "gidMappings"])
        {
            linux[mappings] = new JsonArray(
                new JsonObject
                {
                    ["containerID"] = 0,
                    ["hostID"] = first,
                    ["size"] = 65536,
                }
            );
        }
    }

    private static JsonArray Texts(params string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
