using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.Conformance.Suite;

/// <summary>Changes of a config.json. A property is named by its path, as in <c>linux.resources.pids</c>.</summary>
internal static class Edits
{
    /// <summary>Sets a property to what a JSON text says.</summary>
    public static JsonObject Put(this JsonObject config, string path, string json)
    {
        (JsonObject parent, string name) = Find(config, path);
        parent[name] = JsonNode.Parse(json);
        return config;
    }

    /// <summary>Sets a property to a text.</summary>
    public static JsonObject PutText(this JsonObject config, string path, string text)
    {
        (JsonObject parent, string name) = Find(config, path);
        parent[name] = text;
        return config;
    }

    /// <summary>Appends what a JSON text says to an array, which is made where there is none.</summary>
    public static JsonObject Append(this JsonObject config, string path, string json)
    {
        (JsonObject parent, string name) = Find(config, path);
        (parent[name] ??= new JsonArray()).AsArray().Add(JsonNode.Parse(json));
        return config;
    }

    /// <summary>Takes a property away.</summary>
    public static JsonObject Drop(this JsonObject config, string path)
    {
        (JsonObject parent, string name) = Find(config, path);
        parent.Remove(name);
        return config;
    }

    /// <summary>Appends a mount.</summary>
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

    /// <summary>Binds a directory or a file of the machine, with what is mounted in it.</summary>
    public static JsonObject Bind(this JsonObject config, string source, string destination, params string[] options) =>
        config.Mount(destination, "bind", source, ["rbind", .. options]);

    /// <summary>Has a namespace be made, or joined where there is a path.</summary>
    public static JsonObject Namespace(this JsonObject config, string type, string? path = null)
    {
        config.WithoutNamespace(type);
        JsonObject entry = new() { ["type"] = type };
        if (path is not null)
        {
            entry["path"] = path;
        }

        config["linux"]!["namespaces"]!.AsArray().Add((JsonNode)entry);
        return config;
    }

    /// <summary>Has no namespace of a type be made: the runtime's is the container's.</summary>
    public static JsonObject WithoutNamespace(this JsonObject config, string type)
    {
        JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
        foreach (JsonNode? entry in namespaces.Where(entry => (string?)entry!["type"] == type).ToArray())
        {
            namespaces.Remove(entry);
        }

        return config;
    }

    /// <summary>Gives capabilities besides those that there are.</summary>
    public static JsonObject Capable(this JsonObject config, params string[] names)
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            foreach (string name in names)
            {
                config["process"]!["capabilities"]![set]!.AsArray().Add((JsonNode)name);
            }
        }

        return config;
    }

    /// <summary>Adds a hook that is a line of shell on the machine (in the container for startContainer); $0 is its kind.</summary>
    public static JsonObject Hook(this JsonObject config, string kind, string script, int? timeout = null)
    {
        // It reads the state to its end whatever it does: for crun 1.8 one that ends while that is written has failed.
        script = $"trap 'cat >/dev/null' EXIT; {script}";
        JsonObject hook = new()
        {
            ["path"] = "/bin/sh",
            ["args"] = Texts(["sh", "-c", script, kind]),
            ["env"] = Texts(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "OF_HOOK=yes"]),
        };
        if (timeout is int seconds)
        {
            hook["timeout"] = seconds;
        }

        return config.Append($"hooks.{kind}", hook.ToJsonString());
    }

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static (JsonObject Parent, string Name) Find(JsonObject config, string path)
    {
        string[] names = path.Split('.');
        JsonObject parent = config;
        foreach (string name in names[..^1])
        {
            parent = (parent[name] ??= new JsonObject()).AsObject();
        }

        return (parent, names[^1]);
    }
}
