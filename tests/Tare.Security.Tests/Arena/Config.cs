using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>Changes to a configuration, by what they are for.</summary>
internal static class Config
{
    /// <summary>The root file system may be written to.</summary>
    public static JsonObject Writable(this JsonObject config)
    {
        config["root"]!["readonly"] = false;
        return config;
    }

    /// <summary>Adds a mount.</summary>
    public static JsonObject Mount(
        this JsonObject config,
        string destination,
        string type,
        string source,
        params string[] options
    )
    {
        ConfigMounts.Add(config, destination, type, source, options);
        return config;
    }

    /// <summary>Adds a bind mount.</summary>
    public static JsonObject Bind(this JsonObject config, string source, string destination, params string[] options) =>
        config.Mount(destination, "bind", source, ["bind", .. options]);

    /// <summary>Removes mounts by their destinations.</summary>
    public static JsonObject WithoutMounts(this JsonObject config, params string[] destinations)
    {
        JsonArray mounts = config["mounts"]!.AsArray();
        foreach (JsonNode? mount in mounts.Where(m => destinations.Contains((string?)m!["destination"])).ToArray())
        {
            mounts.Remove(mount);
        }

        return config;
    }

    /// <summary>Nothing of the configuration makes a /dev: what the image has there is what there is.</summary>
    public static JsonObject WithoutDev(this JsonObject config) =>
        config.WithoutMounts("/dev", "/dev/pts", "/dev/shm", "/dev/mqueue");

    /// <summary>Adds capabilities to what a program has and may have.</summary>
    public static JsonObject Capable(this JsonObject config, params string[] names)
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            JsonArray list = config["process"]!["capabilities"]![set]!.AsArray();
            foreach (string name in names)
            {
                list.Add((JsonNode)name);
            }
        }

        return config;
    }

    /// <summary>Programs may gain privileges by executing others.</summary>
    public static JsonObject MayGainPrivileges(this JsonObject config)
    {
        config["process"]!["noNewPrivileges"] = false;
        return config;
    }

    /// <summary>Makes a namespace be joined instead of made; without a path it is the machine's.</summary>
    public static JsonObject Join(this JsonObject config, string type, string? path)
    {
        JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
        JsonNode entry = namespaces.Single(n => (string?)n!["type"] == type)!;
        if (path is null)
        {
            namespaces.Remove(entry);
        }
        else
        {
            entry["path"] = path;
        }

        return config;
    }

    /// <summary>The program.</summary>
    public static JsonObject Args(this JsonObject config, params string[] arguments)
    {
        config["process"]!["args"] = Texts(arguments);
        return config;
    }

    /// <summary>The working directory.</summary>
    public static JsonObject Cwd(this JsonObject config, string path)
    {
        config["process"]!["cwd"] = path;
        return config;
    }

    /// <summary>A kernel parameter.</summary>
    public static JsonObject Sysctl(this JsonObject config, string key, string value)
    {
        config["linux"]!["sysctl"] ??= new JsonObject();
        config["linux"]!["sysctl"]![key] = value;
        return config;
    }

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
