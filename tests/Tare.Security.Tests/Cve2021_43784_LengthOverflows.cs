using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// A part of the configuration is so long that its length does not fit the field of the message in which the runtime hands
/// it on: the rest is taken for other settings, such as namespaces to join. There is no such message here; documents and
/// their parts are bounded, and what is too long is refused in one line.
/// </summary>
public sealed class Cve2021_43784_LengthOverflows
{
    public static TheoryData<string> Properties =>
        new("mappings", "namespace", "cgroup", "environment", "mount", "sysctl", "masked");

    [Theory]
    [MemberData(nameof(Properties))]
    public void What_is_too_long_starts_nothing(string property)
    {
        // Beyond 16 bits; and its end reads as the attribute that would follow.
        string tail = "\u0010\u0000i\u0006\u0000\u0000\u0000\u0000/proc/1/ns/mnt".Replace('\0', '\u0001');
        string text = "/" + new string('a', 70_000) + tail;
        using Victim victim = new();
        using Bundle bundle = new(["readlink", "/proc/self/ns/mnt"], edit: config => Lengthen(config, property, text));

        ToolResult result = victim.Run(bundle);

        if (property is "environment")
        {
            // A long one is none of the runtime's business, as long as the kernel takes it.
            Assert.Equal(0, result.ShouldSucceed().Lines.Count(line => line == HostMountNamespace()));
            return;
        }

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    private static string HostMountNamespace() => new FileInfo("/proc/self/ns/mnt").LinkTarget!;

    private static void Lengthen(JsonObject config, string property, string text)
    {
        JsonNode linux = config["linux"]!;
        switch (property)
        {
            case "mappings":
                linux["namespaces"]!.AsArray().Add((JsonNode)new JsonObject { ["type"] = "user" });
                JsonArray map = [];
                for (int i = 0; i < 20_000; i++)
                {
                    map.Add(
                        (JsonNode)
                            new JsonObject
                            {
                                ["containerID"] = i,
                                ["hostID"] = 100_000 + i,
                                ["size"] = 1,
                            }
                    );
                }

                linux["uidMappings"] = map;
                linux["gidMappings"] = map.DeepClone();
                break;
            case "namespace":
                config.Join("ipc", text);
                break;
            case "cgroup":
                linux["cgroupsPath"] = text;
                break;
            case "environment":
                config["process"]!["env"]!.AsArray().Add((JsonNode)$"LONG={text}");
                break;
            case "mount":
                config.Bind(text, "/tmp");
                break;
            case "sysctl":
                config.Sysctl("net.ipv4." + text.Replace('/', '.'), "1");
                break;
            default:
                linux["maskedPaths"]!.AsArray().Add((JsonNode)text);
                break;
        }
    }
}
