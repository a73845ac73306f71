using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>A network device that the container gets.</summary>
/// <param name="HostName">What it is called on the host.</param>
/// <param name="Name">What it is called in the container; a template where it contains <c>%d</c>.</param>
public sealed record ValidatedNetDevice(string HostName, string Name);

/// <summary>
/// Rules of <c>linux.netDevices</c>: names that devices can have, and a network namespace of the container's own.
/// config-linux.md, "Network Devices".
/// </summary>
internal static class NetDeviceRules
{
    private const string Property = "linux.netDevices";
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/: \t\n\v\f\r\0");

    public static ImmutableArray<ValidatedNetDevice> Check(
        IReadOnlyList<NetDeviceSpec> devices,
        ValidatedNamespaces namespaces,
        ValidationContext context
    )
    {
        if (devices.Count == 0)
        {
            return [];
        }

        if (!namespaces.Has(CloneFlags.CLONE_NEWNET))
        {
            throw new SpecException(
                Property,
                "needs a network namespace (add {\"type\": \"network\"} to linux.namespaces)"
            );
        }

        if (context.Rootless)
        {
            throw new SpecException(
                Property,
                "cannot be had by an ordinary user, whose the machine's devices are not (run as root, or leave it out)"
            );
        }

        ImmutableArray<ValidatedNetDevice>.Builder valid = ImmutableArray.CreateBuilder<ValidatedNetDevice>(
            devices.Count
        );
        HashSet<string> hostNames = new(StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (NetDeviceSpec device in devices)
        {
            string where = $"{Property}.{device.HostName}";
            if (!IsName(device.HostName))
            {
                throw new SpecException(Property, $"'{device.HostName}' cannot be a network device's name");
            }

            string name = device.Name ?? device.HostName;
            if (!IsName(name) || (name.Contains('%', StringComparison.Ordinal) && !IsTemplate(name)))
            {
                throw new SpecException(
                    $"{where}.name",
                    $"'{name}' cannot be a network device's name (use at most 15 bytes without '/', ':', spaces and '%' but for one %d)"
                );
            }

            if (!hostNames.Add(device.HostName))
            {
                throw new SpecException(where, "is given twice (remove one)");
            }

            if (!IsTemplate(name) && !names.Add(name))
            {
                throw new SpecException($"{where}.name", $"two devices cannot both be '{name}' (rename one)");
            }

            valid.Add(new ValidatedNetDevice(device.HostName, name));
        }

        return valid.MoveToImmutable();
    }

    /// <summary>A number is put into the name.</summary>
    internal static bool IsTemplate(string name)
    {
        int percent = name.IndexOf('%', StringComparison.Ordinal);
        return percent >= 0 && percent == name.LastIndexOf('%') && name.AsSpan(percent).StartsWith("%d");
    }

    // What the kernel's dev_valid_name accepts.
    private static bool IsName(string name) =>
        name is not ("" or "." or "..")
        && Encoding.UTF8.GetByteCount(name) <= NetworkLinks.LongestName
        && !name.AsSpan().ContainsAny(Forbidden);
}
