using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests.Netlink;

/// <summary>Devices and addresses, in network namespaces of the test's own.</summary>
public sealed class NetworkLinkTests
{
    public NetworkLinkTests() => Require.Root();

    [Fact]
    public void Devices_are_listed_and_found() =>
        InNetworkOfItsOwn(socket =>
        {
            Ip("link add one type veth");
            Ip("link add two mtu 1300 up type veth");

            string[] names = [.. NetworkLinks.List(socket).OrThrow("list").Select(link => link.Name)];
            Assert.Empty(((string[])["lo", "one", "two"]).Except(names));
            NetworkLink two = NetworkLinks.Find(socket, "two").OrThrow("find");
            Assert.Equal(("two", 1300u, true, 0), (two.Name, two.Mtu, two.IsUp, two.Master));
            Assert.False(NetworkLinks.Find(socket, "one").Value.IsUp);
            Assert.Equal(Errno.ENODEV, NetworkLinks.Find(socket, "three").Errno);
        });

    [Fact]
    public void A_device_is_moved_under_another_name_from_a_thread_that_stays_where_it_is() =>
        InNetworkOfItsOwn(here =>
        {
            Ip("link add one up type veth");
            using NamespaceFd target = OtherNetwork();
            using RouteSocket there = RouteSocket.OpenIn(target).OrThrow("open");
            int index = NetworkLinks.Find(here, "one").Value.Index;

            NetworkLinks.Move(here, index, target, "eins").OrThrow("move");

            Assert.Equal(Errno.ENODEV, NetworkLinks.Find(here, "one").Errno);
            NetworkLink moved = NetworkLinks.Find(there, "eins").OrThrow("find");
            Assert.False(moved.IsUp);
            NetworkLinks.SetUp(there, moved.Index, up: true).OrThrow("set up");
            Assert.True(NetworkLinks.Find(there, "eins").Value.IsUp);
            NetworkLinks.SetUp(there, moved.Index, up: false).OrThrow("set down");
            Assert.False(NetworkLinks.Find(there, "eins").Value.IsUp);
        });

    [Fact]
    public void What_belongs_to_its_namespace_stays() =>
        InNetworkOfItsOwn(here =>
        {
            using NamespaceFd target = OtherNetwork();

            Assert.Equal(Errno.EINVAL, NetworkLinks.Move(here, 1, target, "lo1").Errno);
        });

    [Fact]
    public void A_device_becomes_a_port_of_a_bridge_and_none_again() =>
        InNetworkOfItsOwn(socket =>
        {
            Ip("link add br0 type bridge");
            Ip("link add one type veth");
            int bridge = NetworkLinks.Find(socket, "br0").Value.Index;
            int one = NetworkLinks.Find(socket, "one").Value.Index;

            NetworkLinks.SetMaster(socket, one, bridge).OrThrow("set the master");
            Assert.Equal(bridge, NetworkLinks.Find(socket, "one").Value.Master);
            NetworkLinks.SetMaster(socket, one, 0).OrThrow("set no master");
            Assert.Equal(0, NetworkLinks.Find(socket, "one").Value.Master);
        });

    [Fact]
    public void Addresses_are_read_and_given_to_another_device_as_they_are() =>
        InNetworkOfItsOwn(socket =>
        {
            Ip("link add one type veth");
            Ip("link add two type veth");
            Ip("address add 10.0.0.1/24 broadcast 10.0.0.255 metric 77 dev one");
            Ip("address add 10.1.0.1 peer 10.1.0.2/32 scope link noprefixroute dev one");
            Ip("address add fd00::1/64 nodad dev one");
            int one = NetworkLinks.Find(socket, "one").Value.Index;
            int two = NetworkLinks.Find(socket, "two").Value.Index;
            IReadOnlyList<LinkAddress> addresses = LinkAddresses.List(socket, one).OrThrow("list");
            Ip("address flush dev one");

            foreach (LinkAddress address in addresses)
            {
                LinkAddresses.Add(socket, two, address).OrThrow("add", address.ToString());
            }

            Assert.Equal(
                addresses.Select(address => Shown(address)),
                LinkAddresses.List(socket, two).OrThrow("list").Select(address => Shown(address))
            );
            Assert.Equal(
                ["10.0.0.1/24", "10.1.0.1/32", "fd00:0000:0000:0000:0000:0000:0000:0001/64"],
                addresses.Select(address => address.ToString()).Order(StringComparer.Ordinal)
            );
            Assert.All(addresses, address => Assert.True(address.IsPermanent));
            Assert.Equal(Errno.EEXIST, LinkAddresses.Add(socket, two, addresses[0]).Errno);
        });

    [Fact]
    public void What_a_device_sends_is_limited_and_no_longer() =>
        InNetworkOfItsOwn(socket =>
        {
            TrafficRate rate = new(125_000, 3_000, 60_000);
            SysResult set = TrafficShaping.Limit(socket, 1, rate);
            Assert.SkipWhen(set.Errno == Errno.ENOENT, "needs CONFIG_NET_SCH_TBF");
            set.OrThrow("limit");
            Assert.Equal(rate with { Burst = 0 }, TrafficShaping.Read(socket, 1).OrThrow("read"));
            string? tc = Tool.Find("tc");
            if (tc is not null)
            {
                Assert.Contains(
                    "rate 1Mbit",
                    Tool.Run(tc, ["qdisc", "show", "dev", "lo"]).Output,
                    StringComparison.Ordinal
                );
            }

            TrafficRate fast = rate with { BytesPerSecond = 10_000_000_000 };
            TrafficShaping.Limit(socket, 1, fast).OrThrow("limit again");
            Assert.Equal(fast.BytesPerSecond, TrafficShaping.Read(socket, 1).Value!.Value.BytesPerSecond);
            TrafficShaping.Remove(socket, 1).OrThrow("remove");
            Assert.Null(TrafficShaping.Read(socket, 1).OrThrow("read"));
            Assert.False(TrafficShaping.Remove(socket, 1).Ok);
            Assert.Equal(Errno.ENODEV, TrafficShaping.Limit(socket, 4711, rate).Errno);
        });

    [Fact]
    public void Hundreds_of_devices_come_in_several_pieces() =>
        InNetworkOfItsOwn(socket =>
        {
            const int Count = 300;
            string batch = string.Concat(Enumerable.Range(0, Count).Select(i => $"link add many{i} type veth\n"));
            Tool.Run("ip", ["-batch", "-"], new ToolOptions { Input = batch }).ShouldSucceed();

            Assert.Equal(
                Count,
                NetworkLinks
                    .List(socket)
                    .OrThrow("list")
                    .Count(link => link.Name.StartsWith("many", StringComparison.Ordinal))
            );
        });

    [Fact]
    public void What_is_no_network_namespace_is_refused()
    {
        using NamespaceFd uts = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");

        Assert.Equal(Errno.EINVAL, RouteSocket.OpenIn(uts).Errno);
    }

    private static string Shown(LinkAddress address) =>
        $"{address} {address.Scope} {address.Flags & ~AddressFlags.IFA_F_TENTATIVE} {address.Priority} "
        + $"{Convert.ToHexString(address.Peer.AsSpan())} {Convert.ToHexString(address.Broadcast.AsSpan())}";

    private static NamespaceFd OtherNetwork()
    {
        NamespaceFd? other = null;
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNET).OrThrow("unshare");
            other = Namespaces.OpenOwn(CloneFlags.CLONE_NEWNET).OrThrow("open");
        });
        return other!;
    }

    private static void InNetworkOfItsOwn(Action<RouteSocket> test)
    {
        Require.Program("ip");
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNET).OrThrow("unshare");
            using RouteSocket socket = RouteSocket.Open().OrThrow("open a netlink socket");
            test(socket);
        });
    }

    private static void Ip(string words) => Tool.Run("ip", words.Split(' ')).ShouldSucceed();
}
