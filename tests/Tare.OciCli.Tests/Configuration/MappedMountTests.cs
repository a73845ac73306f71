using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Mounts whose files have other owners in the container than on the host.</summary>
public sealed class MappedMountTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("idmap")]
    [InlineData("ridmap")]
    [InlineData("rbind")]
    public void Files_have_the_owners_that_the_mounts_own_maps_say(string option)
    {
        string folder = Folder();

        string[] lines = _runtime.Lines(
            "stat -c %u:%g /tmp/roots /tmp/others",
            config => Bind(config, folder, [option], (0, 1234, 1), (0, 4321, 1))
        );

        Assert.Equal(["1234:4321", "65534:65534"], lines);
    }

    [Fact]
    public void With_the_containers_maps_they_are_as_on_the_host()
    {
        string folder = Folder();

        string[] lines = _runtime.Lines(
            "stat -c %u:%g /tmp/roots /tmp/others; touch /tmp/new && chown 5:6 /tmp/new && stat -c %u:%g /tmp/new",
            config =>
            {
                UserNamespaces.Add(config);
                Capabilities.Add(config, "CAP_CHOWN");
                Bind(config, folder, ["idmap", "nosuid", "nodev"]);
            }
        );

        Assert.Equal(["0:0", "77:88", "5:6"], lines);
        Assert.Equal(["5:6"], Tool.Run("stat", "-c", "%u:%g", Path.Combine(folder, "new")).Lines);
    }

    // As crun reads it: with its name in TARE_TEST_RUNTIME the same comes out.
    [Theory]
    [InlineData("idmap=uids=0-1234-1#77-1300-1;gids=0-4321-1#88-4400-1", false, "1234:4321", "1300:4400")]
    [InlineData("idmap=uids=@0-5-1#@77-78-1;gids=0-100006-1#88-100089-1", true, "5:6", "78:89")]
    public void Files_have_the_owners_that_the_option_says(
        string option,
        bool inUserNamespace,
        string roots,
        string others
    )
    {
        string folder = Folder();

        string[] lines = _runtime.Lines(
            "stat -c %u:%g /tmp/roots /tmp/others",
            config =>
            {
                if (inUserNamespace)
                {
                    UserNamespaces.Add(config);
                }

                Bind(config, folder, [option]);
            }
        );

        Assert.Equal([roots, others], lines);
    }

    [Fact]
    public void The_host_sees_the_owners_as_they_are()
    {
        string folder = Folder();
        _runtime.Create(edit: config => Bind(config, folder, ["idmap"], (0, 1234, 1), (0, 1234, 1))).Start();

        Assert.Equal(["0:0"], Tool.Run("stat", "-c", "%u:%g", Path.Combine(folder, "roots")).Lines);
    }

    [Theory]
    [InlineData("""["bind","idmap"]""", null, null, "mounts[7].options: idmap needs uidMappings and gidMappings")]
    [InlineData(
        """["bind"]""",
        """[{"containerID":0,"hostID":1,"size":1}]""",
        null,
        "mounts[7]: has one of uidMappings"
    )]
    [InlineData(
        """["bind"]""",
        """[{"containerID":0,"hostID":1,"size":0}]""",
        """[{"containerID":0,"hostID":1,"size":1}]""",
        "mounts[7].uidMappings[0]: size is 0"
    )]
    [InlineData(
        "[]",
        """[{"containerID":0,"hostID":1,"size":1}]""",
        """[{"containerID":0,"hostID":1,"size":1}]""",
        "mounts[7]: only the owners of a bind mount's files"
    )]
    public void What_cannot_be_is_an_error_that_names_the_mount(
        string options,
        string? uids,
        string? gids,
        string message
    )
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                JsonObject mount = new()
                {
                    ["destination"] = "/tmp",
                    ["type"] = "tmpfs",
                    ["source"] = "/tmp",
                    ["options"] = JsonNode.Parse(options),
                };
                if (uids is not null)
                {
                    mount["uidMappings"] = JsonNode.Parse(uids);
                }

                if (gids is not null)
                {
                    mount["gidMappings"] = JsonNode.Parse(gids);
                }

                config["mounts"]!.AsArray().Add((JsonNode)mount);
            }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.StartsWith($"tare-oci: {message}", run.Errors, StringComparison.Ordinal);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_file_system_that_cannot_be_mapped_is_named()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => Bind(config, "/proc/sys", ["idmap"], (0, 1, 1), (0, 1, 1))
        );

        Assert.Equal(
            "tare-oci: map the owners of '/proc/sys': EINVAL (its file system, or one below it, cannot be mapped (leave idmap out))\n",
            _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private static void Bind(
        JsonObject config,
        string source,
        string[] options,
        (int Container, int Host, int Size)? uid = null,
        (int Container, int Host, int Size)? gid = null
    )
    {
        JsonObject mount = new()
        {
            ["destination"] = "/tmp",
            ["type"] = "bind",
            ["source"] = source,
            ["options"] = new JsonArray(["bind", .. options.Select(option => JsonValue.Create(option))]),
        };
        if (uid is { } users && gid is { } groups)
        {
            mount["uidMappings"] = new JsonArray(Line(users));
            mount["gidMappings"] = new JsonArray(Line(groups));
        }

        config["mounts"]!.AsArray().Add((JsonNode)mount);
    }

    private static JsonObject Line((int Container, int Host, int Size) line) =>
        new()
        {
            ["containerID"] = line.Container,
            ["hostID"] = line.Host,
            ["size"] = line.Size,
        };

    private string Folder()
    {
        string folder = Directory.CreateDirectory(_runtime.Folder.At("mapped")).FullName;
        Tool.Run("sh", "-c", $"cd {folder} && touch roots others && chown 77:88 others && chmod 777 .").ShouldSucceed();
        return folder;
    }
}
