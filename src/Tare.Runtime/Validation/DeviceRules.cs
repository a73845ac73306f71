using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.devices</c>. config-linux.md, "Devices".</summary>
internal static class DeviceRules
{
    private const uint DefaultMode = 0x1B6; // 0666

    public static ImmutableArray<ValidatedDevice> Check(IReadOnlyList<DeviceSpec> devices)
    {
        if (devices.Count == 0)
        {
            return [];
        }

        ImmutableArray<ValidatedDevice>.Builder result = ImmutableArray.CreateBuilder<ValidatedDevice>(devices.Count);
        HashSet<ContainerPath> seen = [];
        for (int i = 0; i < devices.Count; i++)
        {
            string property = $"linux.devices[{i}]";
            ValidatedDevice device = Check(property, devices[i]);
            if (!seen.Add(device.Path))
            {
                throw new SpecException($"{property}.path", $"'{device.Path}' is there twice (remove one)");
            }

            result.Add(device);
        }

        return result.MoveToImmutable();
    }

    private static ValidatedDevice Check(string property, DeviceSpec device)
    {
        ContainerPath path = ContainerPath.ParseAbsolute($"{property}.path", device.Path);
        if (path.IsRoot)
        {
            throw new SpecException($"{property}.path", "is the root itself (name a file)");
        }

        FileModes type = device.Type switch
        {
            DeviceType.Character or DeviceType.UnbufferedCharacter => FileModes.S_IFCHR,
            DeviceType.Block => FileModes.S_IFBLK,
            DeviceType.Fifo => FileModes.S_IFIFO,
            _ => throw new SpecException($"{property}.type", "'a' is no kind of file (use c, b, u or p)"),
        };
        // Podman gives what stat(2) says of a device, with the kind of file in it.
        uint mode = (device.FileMode ?? DefaultMode) & ~(uint)FileModes.S_IFMT;
        if ((mode & ~0xFFFu) != 0)
        {
            throw new SpecException(
                $"{property}.fileMode",
                $"{mode} has bits beyond 07777 (give permission bits only)"
            );
        }

        // The kernel's device numbers have 12 bits of major and 20 of minor; a FIFO has none.
        bool isFifo = type == FileModes.S_IFIFO;
        (uint major, uint minor) = isFifo ? (0, 0) : (device.Major, device.Minor);
        if (major > 0xFFF || minor > 0xFFFFF)
        {
            throw new SpecException(property, $"there is no device {major}:{minor} (major < 4096, minor < 1048576)");
        }

        return new ValidatedDevice(path, type, major, minor, mode, device.Uid ?? 0, device.Gid ?? 0);
    }
}
