using Tare.Runtime.Cgroups;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Systemd;

/// <summary>
/// Weights and rates of block devices, as systemd has them: by a path of the device, which the kernel's numbers lead to
/// under /dev/block.
/// </summary>
internal static class DeviceProperties
{
    /// <summary>Adds what a setting means; nothing where systemd has no property for it.</summary>
    public static void Add(List<UnitProperty> properties, CgroupSetting setting)
    {
        switch (setting.File)
        {
            case "io.weight":
                AddWeight(properties, setting.Value);
                break;
            case "io.bfq.weight" when setting.Otherwise is { File: "io.weight" } usual:
                AddWeight(properties, usual.Value);
                break;
            case "io.max":
                AddRates(properties, setting.Value);
                break;
            default:
                break;
        }
    }

    // "100" or "default 100" for all devices, "8:0 100" for one.
    private static void AddWeight(List<UnitProperty> properties, string value)
    {
        string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 2 || ResourceProperties.Number(parts[^1]) is not { } weight)
        {
            return;
        }

        if (parts.Length == 1 || parts[0] == "default")
        {
            ResourceProperties.Set(properties, "IOWeight", DBusVariant.Of(weight));
        }
        else if (IsDevice(parts[0]))
        {
            AddPair(properties, "IODeviceWeight", parts[0], weight);
        }
    }

    private static void AddRates(List<UnitProperty> properties, string value)
    {
        string[] parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !IsDevice(parts[0]))
        {
            return;
        }

        foreach (string part in parts.AsSpan(1))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string? name =
                equals < 0
                    ? null
                    : part[..equals] switch
                    {
                        "rbps" => "IOReadBandwidthMax",
                        "wbps" => "IOWriteBandwidthMax",
                        "riops" => "IOReadIOPSMax",
                        "wiops" => "IOWriteIOPSMax",
                        _ => null,
                    };
            ulong? rate = part.EndsWith("=max", StringComparison.Ordinal)
                ? ulong.MaxValue
                : ResourceProperties.Number(part[(equals + 1)..]);
            if (name is not null && rate is { } most)
            {
                AddPair(properties, name, parts[0], most);
            }
        }
    }

    private static void AddPair(List<UnitProperty> properties, string name, string device, ulong number)
    {
        (string, ulong)[] pairs = [($"/dev/block/{device}", number)];
        foreach (UnitProperty property in properties)
        {
            if (property.Name == name)
            {
                pairs = [.. ((string, ulong)[])property.Value.Value, .. pairs];
            }
        }

        ResourceProperties.Set(properties, name, DBusVariant.Of(pairs));
    }

    private static bool IsDevice(string text)
    {
        string[] numbers = text.Split(':');
        return numbers.Length == 2
            && ResourceProperties.Number(numbers[0]) is not null
            && ResourceProperties.Number(numbers[1]) is not null;
    }
}
