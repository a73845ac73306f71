using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class DeviceTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Every_container_has_the_default_devices_and_links()
    {
        string[] lines = _runtime.Lines(
            "cd /dev; stat -c '%n %t:%T %a %u:%g' full null random tty urandom zero; for link in fd ptmx stderr stdin stdout; do echo $link $(readlink $link); done; "
                + "for device in full null random urandom zero; do head -c 1 $device >/dev/null || echo $device cannot be read; done"
        );

        Assert.Equal(
            [
                "full 1:7 666 0:0",
                "null 1:3 666 0:0",
                "random 1:8 666 0:0",
                "tty 5:0 666 0:0",
                "urandom 1:9 666 0:0",
                "zero 1:5 666 0:0",
                "fd /proc/self/fd",
                "ptmx pts/ptmx",
                "stderr /proc/self/fd/2",
                "stdin /proc/self/fd/0",
                "stdout /proc/self/fd/1",
            ],
            lines
        );
    }

    [Fact]
    public void Devices_of_the_configuration_are_made_with_mode_and_owner()
    {
        string[] lines = _runtime.Lines(
            "stat -c '%n %F %t:%T %a %u:%g' /dev/own /dev/sub/block /dev/pipe /dev/null",
            config =>
                config["linux"]!["devices"] = new JsonArray(
                    Device("/dev/own", "c", 1, 5, 0x190, 5, 6),
                    Device("/dev/sub/block", "b", 7, 300, 0x1B0),
                    new JsonObject { ["path"] = "/dev/pipe", ["type"] = "p" },
                    Device("/dev/null", "c", 1, 3, 0x180)
                )
        );

        Assert.Equal(
            [
                "/dev/own character special file 1:5 620 5:6",
                "/dev/sub/block block special file 7:12c 660 0:0",
                "/dev/pipe fifo 0:0 666 0:0",
                "/dev/null character special file 1:3 600 0:0",
            ],
            lines
        );
    }

    [Fact]
    public void The_kind_of_file_in_a_devices_mode_is_passed_over_as_Podman_gives_it()
    {
        string[] lines = _runtime.Lines(
            "stat -c '%F %t:%T %a' /dev/own",
            config => config["linux"]!["devices"] = new JsonArray(Device("/dev/own", "c", 1, 5, 0x21A4))
        );

        Assert.Equal(["character special file 1:5 644"], lines);
    }

    [Fact]
    public void Of_all_devices_of_the_host_that_Docker_gives_a_privileged_container_ptmx_stays_its_own()
    {
        string[] lines = _runtime.Lines(
            "readlink /dev/ptmx; stat -c '%t:%T' /dev/kmsg",
            config =>
                config["linux"]!["devices"] = new JsonArray(
                    Device("/dev/ptmx", "c", 5, 2, 0x1B6),
                    Device("/dev/kmsg", "c", 1, 11, 0x1B6)
                )
        );

        Assert.Equal(["pts/ptmx", "1:b"], lines);
    }

    [Fact]
    public void A_device_that_no_rule_allows_cannot_be_opened()
    {
        // The kernel's log, which whoever has this capability reads on the host.
        string[] lines = _runtime.Lines(
            "head -c 1 /dev/kmsg 2>&1 >/dev/null | grep -o 'Operation not permitted'; test -e /dev/kmsg && echo it is there",
            config =>
            {
                Capabilities.Add(config, "CAP_SYSLOG");
                config["linux"]!["devices"] = new JsonArray(Device("/dev/kmsg", "c", 1, 11, 0x1B6));
            }
        );

        Assert.Equal(["Operation not permitted", "it is there"], lines);
    }

    [Theory]
    [InlineData("rwm", "read", "written")]
    [InlineData("r", "read", "not written")]
    [InlineData("w", "not read", "written")]
    public void A_rule_allows_what_it_says_and_no_more(string access, string read, string written)
    {
        string[] lines = _runtime.Lines(
            "(exec </dev/kmsg) 2>/dev/null && echo read || echo not read; (exec >/dev/kmsg) 2>/dev/null && echo written || echo not written",
            config =>
            {
                Capabilities.Add(config, "CAP_SYSLOG");
                config["linux"]!["devices"] = new JsonArray(Device("/dev/kmsg", "c", 1, 11, 0x1B6));
                Rules(config).Add(Rule(true, "c", 1, 11, access));
            }
        );

        Assert.Equal([read, written], lines);
    }

    [Fact]
    public void A_later_rule_takes_back_what_an_earlier_one_allowed()
    {
        string[] lines = _runtime.Lines(
            "(exec </dev/kmsg) 2>/dev/null && echo read || echo not read; (exec >/dev/kmsg) 2>/dev/null && echo written",
            config =>
            {
                Capabilities.Add(config, "CAP_SYSLOG");
                config["linux"]!["devices"] = new JsonArray(Device("/dev/kmsg", "c", 1, 11, 0x1B6));
                Rules(config).Add(Rule(true, "c", 1, 11, "rwm"));
                Rules(config).Add(Rule(false, "c", 1, 11, "r"));
            }
        );

        Assert.Equal(["not read", "written"], lines);
    }

    [Fact]
    public void A_rule_that_the_kernel_would_pass_over_is_an_error()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/devices"), "needs cgroup v1");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                Rules(config).Add(Rule(true, "c", 1, null, "rwm"));
                Rules(config).Add(Rule(false, "c", 1, 11, "rwm"));
            }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.StartsWith("tare-oci: linux.resources.devices[2]: 'c 1:11 rwm'", run.Errors, StringComparison.Ordinal);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Where_everything_is_allowed_a_device_can_be_made_and_opened()
    {
        string[] lines = _runtime.Lines(
            "mknod /tmp/kmsg c 1 11 && (exec </tmp/kmsg) && echo read",
            config =>
            {
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                Capabilities.Add(config, "CAP_MKNOD", "CAP_SYSLOG");

                config["linux"]!["resources"]!["devices"] = new JsonArray(Rule(true, null, null, null, "rwm"));
            }
        );

        Assert.Equal(["read"], lines);
    }

    [Fact]
    public void Rules_hold_for_programs_that_are_added_too()
    {
        OciContainer container = _runtime
            .Create(edit: config => config["linux"]!["devices"] = new JsonArray(Device("/dev/kmsg", "c", 1, 11, 0x1B6)))
            .Start();

        ToolResult exec = container.Exec("head", "-c", "1", "/dev/kmsg");

        Assert.Contains("Operation not permitted", exec.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_the_root_file_system_has_planted_under_a_default_name_is_refused()
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        Tool.Run("mknod", Path.Combine(rootfs, "dev", "null"), "c", "1", "11").ShouldSucceed();
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                config["root"]!["path"] = rootfs;
                JsonArray mounts = config["mounts"]!.AsArray();
                foreach (
                    JsonNode? mount in mounts
                        .Where(mount => ((string)mount!["destination"]!).StartsWith("/dev", StringComparison.Ordinal))
                        .ToArray()
                )
                {
                    mounts.Remove(mount);
                }
            }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Equal("tare-oci: make sure that '/dev/null' is the device 1:3: ENODEV\n", run.Errors);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private static JsonArray Rules(JsonObject config) => config["linux"]!["resources"]!["devices"]!.AsArray();

    private static JsonNode Rule(bool allow, string? type, int? major, int? minor, string access)
    {
        JsonObject rule = new() { ["allow"] = allow, ["access"] = access };
        if (type is not null)
        {
            rule["type"] = type;
        }

        if (major is not null)
        {
            rule["major"] = major;
        }

        if (minor is not null)
        {
            rule["minor"] = minor;
        }

        return rule;
    }

    private static JsonNode Device(
        string path,
        string type,
        int major,
        int minor,
        int mode,
        int uid = 0,
        int gid = 0
    ) =>
        new JsonObject
        {
            ["path"] = path,
            ["type"] = type,
            ["major"] = major,
            ["minor"] = minor,
            ["fileMode"] = mode,
            ["uid"] = uid,
            ["gid"] = gid,
        };
}
