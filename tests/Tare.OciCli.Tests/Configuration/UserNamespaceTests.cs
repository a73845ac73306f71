using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class UserNamespaceTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Root_in_the_container_is_another_user_outside()
    {
        OciContainer container = _runtime.Create(edit: UserNamespaces.Add).Start();

        Assert.Equal(["0", "0"], container.Exec("sh", "-c", "id -u; id -g").ShouldSucceed().Lines);
        Assert.Equal("100000\t100000\t100000\t100000", Processes.Status(container.ProcessId, "Uid"));
        Assert.Equal("100000\t100000\t100000\t100000", Processes.Status(container.ProcessId, "Gid"));
    }

    [Fact]
    public void Files_that_are_made_are_owned_by_the_mapped_users()
    {
        string shared = _runtime.Folder.At("shared");
        Directory.CreateDirectory(shared);
        Tool.Run("chown", "100000:100000", shared).ShouldSucceed();

        _runtime.Lines(
            "touch /tmp/roots; mkdir /tmp/directory; chown 5:6 /tmp/directory; ln -s x /tmp/link",
            config =>
            {
                UserNamespaces.Add(config);
                Capabilities.Add(config, "CAP_CHOWN");

                ConfigMounts.Add(config, "/tmp", "bind", shared, "bind");
            }
        );

        Assert.Equal(
            ["directory 100005:100006", "link 100000:100000", "roots 100000:100000"],
            Tool.Run("sh", "-c", $"cd {shared} && stat -c '%n %u:%g' directory link roots").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void The_maps_are_those_asked_for_range_by_range()
    {
        string[] lines = _runtime.Lines(
            "awk '{ print $1, $2, $3 }' /proc/self/uid_map /proc/self/gid_map",
            config => UserNamespaces.Add(config, (0, 100_000, 1000), (1000, 300_000, 1), (5000, 200_000, 10))
        );

        string[] map = ["0 100000 1000", "1000 300000 1", "5000 200000 10"];
        Assert.Equal([.. map, .. map], lines);
    }

    [Fact]
    public void The_programs_user_and_groups_are_mapped()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                UserNamespaces.Add(config);
                config["process"]!["user"] = new JsonObject
                {
                    ["uid"] = 1000,
                    ["gid"] = 2000,
                    ["additionalGids"] = new JsonArray(3000),
                };
            })
            .Start();

        Assert.Equal("101000\t101000\t101000\t101000", Processes.Status(container.ProcessId, "Uid"));
        Assert.Equal("102000\t102000\t102000\t102000", Processes.Status(container.ProcessId, "Gid"));
        Assert.Equal("103000", Processes.Status(container.ProcessId, "Groups"));
        Assert.Equal(["1000"], container.Exec("id", "-u").ShouldSucceed().Lines);
    }

    [Fact]
    public void The_containers_devices_work_and_its_root_may_not_make_others()
    {
        string[] lines = _runtime.Lines(
            "echo x >/dev/null && head -c 4 /dev/zero | wc -c; mknod /tmp/null c 1 3 2>/dev/null || echo no; "
                + "stat -c '%t:%T' /dev/null /dev/tty",
            config =>
            {
                UserNamespaces.Add(config);
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                Capabilities.Add(config, "CAP_MKNOD");
            }
        );

        Assert.Equal(["4", "no", "1:3", "5:0"], lines);
    }

    [Fact]
    public void All_capabilities_in_the_container_are_none_outside()
    {
        string[] lines = _runtime.Lines(
            "grep CapEff /proc/self/status; hostname inner && hostname; date -s 2000-01-01 2>&1 | grep -o 'not permitted'",
            config =>
            {
                UserNamespaces.Add(config);
                JsonNode capabilities = config["process"]!["capabilities"]!;
                foreach (string set in (string[])["bounding", "effective", "permitted"])
                {
                    capabilities[set] = new JsonArray();
                }

                Capabilities.Add(config, "CAP_SYS_ADMIN", "CAP_SYS_TIME", "CAP_NET_ADMIN", "CAP_DAC_OVERRIDE");
            }
        );

        ulong effective = ulong.Parse(lines[0].Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal((1UL << 21) | (1UL << 25) | (1UL << 12) | (1UL << 1), effective);
        Assert.Equal(["inner", "not permitted"], lines[1..]);
    }

    [Theory]
    [InlineData(0, 100_000, 1, 1000, "process.user.uid")]
    [InlineData(1, 100_000, 10, 0, "process.user.uid")]
    public void A_user_that_is_not_mapped_is_an_error(int inside, int outside, int size, int uid, string property)
    {
        ToolResult run = _runtime
            .Run(
                ["true"],
                config =>
                {
                    UserNamespaces.Add(config, (inside, outside, size));
                    config["process"]!["user"]!["uid"] = uid;
                }
            )
            .ShouldExitWith(1);

        Assert.StartsWith(
            $"tare-oci: {property}",
            Assert.Single(run.Errors.TrimEnd('\n').Split('\n')),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_created_container_in_a_user_namespace_takes_programs_and_starts()
    {
        OciContainer container = _runtime.Create(["sh", "-c", "id -u; sleep 1000"], UserNamespaces.Add);
        Assert.Equal(["0"], container.Exec("id", "-u").ShouldSucceed().Lines);

        container.Start();

        container.Creation.WaitForText("0");
    }

    [Fact]
    public void A_terminal_in_a_user_namespace_is_its_roots()
    {
        using ListeningSocket socket = new(_runtime.Folder.At("console.sock"));
        OciContainer container = _runtime.Create(
            ["sh", "-c", "stat -c '%u' /dev/pts/0; tty; echo console >/dev/console"],
            config =>
            {
                UserNamespaces.Add(config);
                config["process"]!["terminal"] = true;
            },
            ["--console-socket", socket.Path]
        );
        using TerminalSide terminal = new(socket.Take().Descriptor);

        container.Start();

        Assert.Equal("0\r\n/dev/pts/0\r\nconsole\r\n", terminal.ReadToEnd());
    }

    public void Dispose() => _runtime.Dispose();
}
