using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class RootTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_read_only_root_cannot_be_written_to_but_what_is_mounted_in_it_can() =>
        Assert.Equal(
            ["read-only", "writable"],
            _runtime.Lines(
                "touch /file 2>/dev/null || echo read-only; touch /tmp/file && echo writable",
                config => ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs")
            )
        );

    [Fact]
    public void A_writable_root_is_the_bundles_own()
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));

        _runtime.Lines("echo written >/file", config => config["root"] = new JsonObject { ["path"] = rootfs });

        Assert.Equal("written\n", File.ReadAllText(Path.Combine(rootfs, "file")));
    }

    [Fact]
    public void A_relative_root_lies_in_the_bundle()
    {
        Bundle bundle = _runtime.NewBundle(["ls", "/"], config => config["root"]!["path"] = "rootfs");
        BusyboxRootfs.Create(Path.Combine(bundle.Path, "rootfs"));
        Directory.CreateDirectory(Path.Combine(bundle.Path, "rootfs", "of-the-bundle"));

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, _runtime.NewId());

        Assert.Contains("of-the-bundle", run.ShouldSucceed().Lines);
    }

    [Fact]
    public void Nothing_of_the_hosts_root_is_left() =>
        Assert.Equal(
            ["nothing of the host", "/"],
            _runtime.Lines(
                $"grep -q -e '/sys/fs/cgroup/unified' -e ' {Repository.Root}' /proc/self/mountinfo || echo nothing of the host; "
                    + "cd /; cd ../../..; pwd"
            )
        );

    [Theory]
    [InlineData(null, "private or slave")]
    [InlineData("private", "private")]
    [InlineData("rprivate", "private")]
    [InlineData("slave", "private or slave")]
    [InlineData("rslave", "private or slave")]
    [InlineData("shared", "shared")]
    [InlineData("unbindable", "unbindable")]
    public void The_roots_propagation_is_the_one_asked_for(string? propagation, string expected)
    {
        string[] fields = Assert
            .Single(_runtime.Lines("awk '$5 == \"/\"' /proc/self/mountinfo | tail -n 1", Edit))
            .Split(' ');
        string optional = string.Join(' ', fields[6..Array.IndexOf(fields, "-")]);

        string shown = optional switch
        {
            "" => "private",
            "unbindable" => "unbindable",
            _ when optional.StartsWith("shared", StringComparison.Ordinal) => "shared",
            _ => "slave",
        };
        Assert.Contains(shown, expected, StringComparison.Ordinal);

        void Edit(JsonObject config)
        {
            if (propagation is not null)
            {
                config["linux"]!["rootfsPropagation"] = propagation;
            }
        }
    }

    [Fact]
    public void Host_and_domain_have_the_names_asked_for() =>
        Assert.Equal(
            ["box", "example.org"],
            _runtime.Lines(
                "hostname; cat /proc/sys/kernel/domainname",
                config =>
                {
                    config["hostname"] = "box";
                    config["domainname"] = "example.org";
                }
            )
        );

    public void Dispose() => _runtime.Dispose();
}
