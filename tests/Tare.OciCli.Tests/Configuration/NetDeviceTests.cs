using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary>
/// Network devices that are moved into containers. The machine's own are left alone: the runtime is started in a network
/// namespace of the test's, which is gone with the test's thread.
/// </summary>
public sealed class NetDeviceTests : IDisposable
{
    private const string Mac = "00:11:22:33:44:55";
    private readonly OciRuntime _runtime = new();
    private RunningTool? _holder;

    public NetDeviceTests() => Require.Program("ip");

    [Fact]
    public void A_device_is_moved_with_what_it_has_and_is_up() =>
        InNetworkOfItsOwn(() =>
        {
            Ip("link set dummy0 address", Mac, "mtu 1789");
            Ip("address add 169.254.169.77/32 dev dummy0");
            Ip("address add 10.7.0.1/24 broadcast 10.7.0.255 dev dummy0");
            Ip("address add 10.9.0.1 peer 10.9.0.2/32 dev dummy0");
            Ip("address add fd00::7/64 nodad dev dummy0");
            Ip("address add 127.0.0.33/8 scope host dev dummy0");
            Ip("address add fd00::8/64 valid_lft 1000 preferred_lft 1000 nodad dev dummy0");

            OciContainer container = _runtime.Create(edit: config => Give(config, "dummy0", "{}")).Start();

            JsonNode device = Device(container, "dummy0")!;
            Assert.Equal(Mac, (string?)device["address"]);
            Assert.Equal(1789, (int)device["mtu"]!);
            Assert.Contains("UP", device["flags"]!.AsArray().Select(flag => (string)flag!));
            Assert.Equal(
                ["10.7.0.1/24", "10.9.0.1/32", "169.254.169.77/32", "fd00::7/64"],
                Addresses(device).Where(address => !address.StartsWith("fe80", StringComparison.Ordinal))
            );
            Assert.Null(Device("dummy0"));
        });

    [Fact]
    public void A_restored_container_gets_its_device_again() =>
        InNetworkOfItsOwn(() =>
        {
            SavedContainer saved = new(_runtime, config => Give(config, "dummy0", "{}"));
            saved.ShouldCount("one", 1);
            saved.Checkpoint().ShouldSucceed();

            // The first one went with its namespace.
            Ip("link add dummy0 type dummy");
            saved.Restore().ShouldSucceed();

            saved.ShouldCount("two", 2);
            Assert.NotNull(Device(saved.Container, "dummy0"));
            Assert.Null(Device("dummy0"));
        });

    [Theory]
    [InlineData("""{"name": "ctr0"}""", "ctr0")]
    [InlineData("""{"name": "eth%d"}""", "eth0")]
    [InlineData("""{"name": "lo%dx"}""", "lo0x")]
    public void It_gets_the_name_that_is_asked_for(string entry, string name) =>
        InNetworkOfItsOwn(() =>
        {
            OciContainer container = _runtime.Create(edit: config => Give(config, "dummy0", entry)).Start();

            Assert.NotNull(Device(container, name));
            Assert.Null(Device(container, "dummy0"));
        });

    [Fact]
    public void Numbers_that_are_taken_in_a_namespace_are_passed_over() =>
        InNetworkOfItsOwn(() =>
        {
            string path = JoinedNamespace("ip link add eth0 type veth; ip link add eth2 type veth");
            Ip("link add dummy1 type veth");

            OciContainer container = _runtime
                .Create(edit: config =>
                {
                    Namespaces.Set(config, "network", path);
                    config["linux"]!["netDevices"] = JsonNode.Parse(
                        """{"dummy0": {"name": "eth%d"}, "dummy1": {"name": "eth%d"}}"""
                    );
                })
                .Start();

            Assert.NotNull(Device(container, "eth1"));
            Assert.NotNull(Device(container, "eth3"));
        });

    [Fact]
    public void In_a_namespace_that_was_joined_it_stays_when_the_container_is_deleted() =>
        InNetworkOfItsOwn(() =>
        {
            string path = JoinedNamespace("true");
            OciContainer container = _runtime
                .Create(edit: config =>
                {
                    Namespaces.Set(config, "network", path);
                    Give(config, "dummy0", "{}");
                })
                .Start();

            container.Do("delete", "--force").ShouldSucceed();

            Assert.NotNull(DeviceIn(path, "dummy0"));
            Assert.Null(Device("dummy0"));
        });

    [Fact]
    public void It_is_there_for_kernel_parameters_and_hooks() =>
        InNetworkOfItsOwn(() =>
        {
            string seen = _runtime.Folder.At("seen");
            string[] lines = _runtime.Lines(
                "cat /proc/sys/net/ipv4/conf/ctr0/forwarding",
                config =>
                {
                    Give(config, "dummy0", """{"name": "ctr0"}""");
                    config["linux"]!["sysctl"] = new JsonObject { ["net.ipv4.conf.ctr0.forwarding"] = "1" };
                    config["hooks"] = new JsonObject
                    {
                        ["createRuntime"] = new JsonArray(
                            new JsonObject
                            {
                                ["path"] = "/bin/sh",
                                ["args"] = new JsonArray("sh", "-c", $"ip link show dummy0 >'{seen}' 2>&1; true"),
                                ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
                            }
                        ),
                    };
                }
            );

            Assert.Equal(["1"], lines);
            Assert.Contains("does not exist", File.ReadAllText(seen), StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("a program that is not there")]
    [InlineData("a hook that fails")]
    [InlineData("a second device that is not there")]
    [InlineData("a pid file that cannot be written")]
    public void A_container_that_is_not_made_gives_it_back_as_it_was(string failure) =>
        InNetworkOfItsOwn(() =>
        {
            Ip("link add br0 type bridge");
            Ip("link set dummy0 master br0 address", Mac, "mtu 1400");
            Ip("address add 10.7.0.1/24 dev dummy0");
            Ip("address add 10.8.0.1/24 scope link dev dummy0");
            Ip("address add fd00::7/64 nodad dev dummy0");
            Ip("link set dummy0 up");
            string before = Described("dummy0");
            Bundle bundle = _runtime.NewBundle(
                [failure == "a program that is not there" ? "/nowhere" : "true"],
                config =>
                {
                    Give(config, "dummy0", """{"name": "ctr0"}""");
                    if (failure == "a hook that fails")
                    {
                        config["hooks"] = new JsonObject
                        {
                            ["createRuntime"] = new JsonArray(new JsonObject { ["path"] = "/bin/false" }),
                        };
                    }

                    if (failure == "a second device that is not there")
                    {
                        config["linux"]!["netDevices"]!["nobody0"] = new JsonObject();
                    }
                }
            );

            string id = _runtime.NewId();
            string[] more = failure == "a pid file that cannot be written" ? ["--pid-file", "/proc/nowhere/pid"] : [];
            _runtime.Do(["create", "--bundle", bundle.Path, .. more, id]).ShouldExitWith(1);

            Assert.Equal(before, Described("dummy0"));
        });

    [Fact]
    public void A_name_that_exists_in_the_namespace_is_an_error_and_nothing_is_moved() =>
        InNetworkOfItsOwn(() =>
        {
            string path = JoinedNamespace("ip link add ctr0 type veth");

            string errors = _runtime
                .Run(
                    ["true"],
                    config =>
                    {
                        Namespaces.Set(config, "network", path);
                        Give(config, "dummy0", """{"name": "ctr0"}""");
                    }
                )
                .ShouldExitWith(1)
                .Errors;

            Assert.Equal(
                "tare-oci: linux.netDevices.dummy0.name: the container's network namespace has a 'ctr0' already "
                    + "(choose another name, or a template like eth%d)\n",
                errors
            );
            Assert.NotNull(Device("dummy0"));
        });

    [Theory]
    [InlineData("lo", """{"name": "lo1"}""", "move into the container the network device 'lo': EINVAL")]
    [InlineData("nobody0", "{}", "linux.netDevices.nobody0: this machine has no network device 'nobody0'")]
    [InlineData(
        "dummy0",
        """{"name": "far-too-long-name"}""",
        "linux.netDevices.dummy0.name: 'far-too-long-name' cannot"
    )]
    [InlineData("dummy0", """{"name": "a%db%d"}""", "linux.netDevices.dummy0.name: 'a%db%d' cannot be a network")]
    [InlineData("dum/my", "{}", "linux.netDevices: 'dum/my' cannot be a network device's name")]
    [InlineData("dummy0", "7", "linux.netDevices.dummy0: expected an object")]
    public void What_cannot_be_is_an_error_that_names_the_device(string hostName, string entry, string message) =>
        InNetworkOfItsOwn(() =>
            Assert.Contains(
                message,
                _runtime.Run(["true"], config => Give(config, hostName, entry)).ShouldExitWith(1).Errors,
                StringComparison.Ordinal
            )
        );

    [Fact]
    public void It_needs_a_network_namespace() =>
        Assert.Equal(
            "tare-oci: linux.netDevices: needs a network namespace (add {\"type\": \"network\"} to linux.namespaces)\n",
            _runtime
                .Run(
                    ["true"],
                    config =>
                    {
                        Namespaces.Set(config, "network");
                        Namespaces.Remove(config, "network");
                        Give(config, "dummy0", "{}");
                    }
                )
                .ShouldExitWith(1)
                .Errors
        );

    public void Dispose()
    {
        _runtime.Dispose();
        _holder?.Dispose();
    }

    private static void InNetworkOfItsOwn(Action test) =>
        OwnThread.Run(() =>
        {
            Linux.Namespaces.Unshare(CloneFlags.CLONE_NEWNET).OrThrow("unshare");
            Ip("link add dummy0 type veth");
            test();
        });

    private static void Ip(params string[] words) =>
        Tool.Run("ip", [.. words.SelectMany(word => word.Split(' '))]).ShouldSucceed();

    private static void Give(JsonObject config, string hostName, string entry) =>
        config["linux"]!["netDevices"] = new JsonObject { [hostName] = JsonNode.Parse(entry) };

    private string JoinedNamespace(string script)
    {
        _holder = Tool.Start("unshare", "--net", "sh", "-c", $"{script}; echo ready; exec sleep 1000");
        _holder.WaitForText("ready");
        return $"/proc/{_holder.ProcessId}/ns/net";
    }

    private static JsonNode? Device(string name) => Parse(Tool.Run("ip", "-json", "address", "show", "dev", name));

    private static JsonNode? Device(OciContainer container, string name) =>
        DeviceIn($"/proc/{container.ProcessId}/ns/net", name);

    private static JsonNode? DeviceIn(string path, string name) =>
        Parse(Tool.Run("nsenter", $"--net={path}", "ip", "-json", "address", "show", "dev", name));

    private static JsonNode? Parse(ToolResult result) =>
        result.ExitCode == 0
            ? JsonNode.Parse(result.Output)!.AsArray().First(device => device!["ifname"] is not null)
            : null;

    private static IEnumerable<string> Addresses(JsonNode device) =>
        device["addr_info"]!
            .AsArray()
            .Where(address => address!["local"] is not null)
            .Select(address => $"{address!["local"]}/{address["prefixlen"]}")
            .Order(StringComparer.Ordinal);

    // Without its number, and without what the kernel makes anew.
    private static string Described(string name)
    {
        JsonNode device = Device(name)!;
        return $"{device["address"]} {device["mtu"]} {device["master"]} {device["flags"]!.ToJsonString()} "
            + string.Join(
                ' ',
                device["addr_info"]!
                    .AsArray()
                    .Select(address =>
                        $"{address!["local"]}/{address["prefixlen"]} {address["scope"]} {address["broadcast"]}"
                    )
                    .Order(StringComparer.Ordinal)
            );
    }
}
