using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.NetDevices;

/// <summary>
/// Moves network devices of this process's network namespace into a container's, and back while the container is not made
/// to its end. The namespace is kept until this is disposed, so that its devices are not lost with the container's process.
/// </summary>
internal sealed class NetDeviceMove : IDisposable
{
    private readonly NamespaceFd home = Namespaces
        .OpenOwn(CloneFlags.CLONE_NEWNET)
        .OrThrow("open the network namespace", "/proc/thread-self/ns/net");
    private readonly NamespaceFd container;
    private readonly RouteSocket outside = RouteSocket.Open().OrThrow("open a netlink socket");
    private readonly RouteSocket inside;

    /// <summary>Gets ready to move devices into the network namespace of a process that waits.</summary>
    /// <exception cref="KernelException">There is no line to one of the namespaces.</exception>
    public NetDeviceMove(int processId)
    {
        string path = $"/proc/{processId}/ns/net";
        container = Namespaces.OpenPath(path).OrThrow("open the network namespace", path);
        inside = RouteSocket.OpenIn(container).OrThrow("open a netlink socket in the container's network namespace");
    }

    /// <summary>Moves the devices, each with its permanent global addresses, and sets them up.</summary>
    /// <param name="devices">Which, and what they are called in the container.</param>
    /// <param name="rollback">Gives them back as they were.</param>
    /// <exception cref="ContainerException">There is no such device, or one of that name is there already.</exception>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public void Move(IEnumerable<ValidatedNetDevice> devices, Rollback rollback)
    {
        foreach (ValidatedNetDevice device in devices)
        {
            Move(device, rollback);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        outside.Dispose();
        inside.Dispose();
        home.Dispose();
        container.Dispose();
    }

    private void Move(ValidatedNetDevice device, Rollback rollback)
    {
        string host = device.HostName;
        SysResult<NetworkLink> found = NetworkLinks.Find(outside, host);
        if (found.Errno == Errno.ENODEV)
        {
            throw new ContainerException(
                $"linux.netDevices.{host}: this machine has no network device '{host}' (see 'ip link')"
            );
        }

        NetworkLink link = found.OrThrow("find the network device", host);
        IReadOnlyList<LinkAddress> addresses = LinkAddresses
            .List(outside, link.Index)
            .OrThrow("read the addresses of the network device", host);
        string name = NameFor(device);
        rollback.Push(() => GiveBack(link, addresses, name));
        NetworkLinks
            .Move(outside, link.Index, container, name)
            .OrThrow("move into the container the network device", host, $"linux.netDevices.{host}");
        int index = NetworkLinks.Find(inside, name).OrThrow("find in the container the network device", name).Index;
        foreach (LinkAddress address in addresses)
        {
            if (address is { IsPermanent: true, Scope: AddressScope.RT_SCOPE_UNIVERSE })
            {
                Add(inside, index, address, name);
            }
        }

        NetworkLinks.SetUp(inside, index, up: true).OrThrow("set up the network device", name);
    }

    // A name is checked before anything is moved: the kernel renames a device only when it is there.
    private string NameFor(ValidatedNetDevice device)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (NetworkLink link in NetworkLinks.List(inside).OrThrow("list the container's network devices"))
        {
            taken.Add(link.Name);
        }

        if (!NetDeviceRules.IsTemplate(device.Name))
        {
            return taken.Contains(device.Name)
                ? throw new ContainerException(
                    $"linux.netDevices.{device.HostName}.name: the container's network namespace has a '{device.Name}' already "
                        + "(choose another name, or a template like eth%d)"
                )
                : device.Name;
        }

        for (int i = 0; ; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            string name = device.Name.Replace("%d", number, StringComparison.Ordinal);
            if (!taken.Contains(name))
            {
                return name;
            }
        }
    }

    // Whether it has got as far as to be moved or not.
    private void GiveBack(NetworkLink link, IReadOnlyList<LinkAddress> addresses, string name)
    {
        if (NetworkLinks.Find(outside, link.Name).Ok)
        {
            return;
        }

        SysResult<NetworkLink> there = NetworkLinks.Find(inside, name);
        there = there.Ok ? there : NetworkLinks.Find(inside, link.Name);
        if (!there.Ok)
        {
            return;
        }

        NetworkLinks
            .Move(inside, there.Value.Index, home, link.Name)
            .OrThrow("move back the network device", link.Name);
        int index = NetworkLinks.Find(outside, link.Name).OrThrow("find the network device", link.Name).Index;
        if (link.Master != 0)
        {
            NetworkLinks.SetMaster(outside, index, link.Master);
        }

        foreach (LinkAddress address in addresses)
        {
            if (address.IsPermanent)
            {
                LinkAddresses.Add(outside, index, address);
            }
        }

        if (link.IsUp)
        {
            NetworkLinks.SetUp(outside, index, up: true);
        }
    }

    private static void Add(RouteSocket socket, int index, LinkAddress address, string name)
    {
        SysResult added = LinkAddresses.Add(socket, index, address);
        if (added.Errno != Errno.EEXIST)
        {
            added.OrThrow($"give the network device '{name}' the address", address.ToString());
        }
    }
}
