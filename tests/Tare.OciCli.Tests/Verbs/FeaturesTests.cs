using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class FeaturesTests
{
    private readonly JsonNode _features = JsonNode.Parse(
        Tool.Run(OciRuntime.Program, "features").ShouldSucceed().Output
    )!;

    [Fact]
    public void The_versions_of_the_specification_are_told()
    {
        Assert.Equal("1.0.0", (string?)_features["ociVersionMin"]);
        Assert.Equal("1.3.0", (string?)_features["ociVersionMax"]);
    }

    [Fact]
    public void Namespaces_capabilities_and_cgroups_are_told()
    {
        JsonNode linux = _features["linux"]!;

        Assert.Equal(
            ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"],
            linux["namespaces"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal)
        );
        Assert.Contains("CAP_CHECKPOINT_RESTORE", linux["capabilities"]!.AsArray().Select(name => (string)name!));
        Assert.True((bool)linux["cgroup"]!["v1"]!);
        Assert.True((bool)linux["cgroup"]!["v2"]!);
    }

    [Fact]
    public void What_the_version_says_is_told_and_what_hardware_there_can_be()
    {
        string[] version = Tool.Run(OciRuntime.Program, "--version").ShouldSucceed().Lines;
        Assert.Equal(
            [
                $"tare-oci version {_features["annotations"]!["io.tare.version"]}",
                $"commit: {_features["annotations"]!["io.tare.commit"]}",
            ],
            version[..2]
        );
        JsonNode linux = _features["linux"]!;
        Assert.True((bool)linux["netDevices"]!["enabled"]!);
        Assert.True((bool)linux["intelRdt"]!["enabled"]!);
        Assert.True((bool)linux["intelRdt"]!["schemata"]!);
        Assert.True((bool)linux["intelRdt"]!["monitoring"]!);
        Assert.True((bool)linux["cgroup"]!["rdma"]!);
        Assert.Contains(
            "org.systemd.property.",
            _features["potentiallyUnsafeConfigAnnotations"]!.AsArray().Select(name => (string)name!)
        );
    }

    [Fact]
    public void Every_kind_of_hook_is_told() =>
        Assert.Equal(HookConfig.Kinds, _features["hooks"]!.AsArray().Select(kind => (string)kind!));

    [Fact]
    public void That_containers_can_be_saved_is_told_as_runc_tells_it_and_which_annotation_is_unsafe()
    {
        Assert.Equal("true", (string?)_features["annotations"]!["org.opencontainers.runc.checkpoint.enabled"]);
        Assert.Contains(
            "org.criu.config",
            _features["potentiallyUnsafeConfigAnnotations"]!.AsArray().Select(name => (string)name!)
        );
    }

    [Fact]
    public void Every_mount_option_that_is_told_is_accepted()
    {
        using OciRuntime runtime = new();
        string[] options = [.. _features["mountOptions"]!.AsArray().Select(option => (string)option!)];
        Assert.Contains("rro", options);
        Assert.Equal(3, options.Count(IsForSymlinks));
        Assert.Contains("rprivate", options);

        // remount wants something that is mounted, bind and idmap something that is there, symlinks a bind mount.
        string[] plain =
        [
            .. options.Where(option =>
                option is not ("remount" or "bind" or "rbind" or "idmap" or "ridmap") && !IsForSymlinks(option)
            ),
        ];
        string[] lines = runtime.Lines(
            "grep -c ' /tmp/mnt[0-9]* ' /proc/self/mountinfo",
            config =>
            {
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                for (int i = 0; i < plain.Length; i++)
                {
                    ConfigMounts.Add(config, $"/tmp/mnt{i}", "tmpfs", "tmpfs", plain[i]);
                }
            }
        );
        Assert.Equal([$"{plain.Length}"], lines);

        static bool IsForSymlinks(string option) => option is "copy-symlink" or "src-nofollow" or "dest-nofollow";
    }
}
