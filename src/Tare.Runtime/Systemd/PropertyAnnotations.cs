using Tare.Oci;
using Tare.Runtime.DBus;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Systemd;

/// <summary>
/// Annotations <c>org.systemd.property.NAME</c>, as runc has them: properties that the scope is given beside the runtime's
/// own. Times in seconds (<c>NAMESec</c>) become microseconds, which is what is said on the bus.
/// </summary>
internal static class PropertyAnnotations
{
    /// <summary>What the annotations' names begin with.</summary>
    public const string Prefix = "org.systemd.property.";

    private const double MicrosecondsPerSecond = 1e6;

    // Whoever writes config.json must not take processes or groups in that are not the container's.
    private static readonly string[] Own = ["PIDs", "PIDFDs", "Slice", "Delegate", "DefaultDependencies", "Unique"];

    /// <summary>Reads them.</summary>
    /// <exception cref="SpecException">A name or a value cannot be one.</exception>
    public static IReadOnlyList<UnitProperty> Read(IReadOnlyDictionary<string, string> annotations)
    {
        List<UnitProperty> properties = [];
        foreach ((string key, string value) in annotations)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                properties.Add(Read(key, key[Prefix.Length..], value));
            }
        }

        return properties;
    }

    private static UnitProperty Read(string key, string name, string text)
    {
        string property = $"annotations.{OneLine.Of(key)}";
        if (name.Length < 3 || !name.All(char.IsAsciiLetter))
        {
            throw new SpecException(property, "is no property's name (three letters or more, and nothing but letters)");
        }

        if (Own.Contains(name))
        {
            throw new SpecException(property, "is set by the runtime alone (leave it out)");
        }

        DBusVariant value;
        try
        {
            value = GVariantText.Parse(text);
        }
        catch (FormatException e)
        {
            throw new SpecException(
                property,
                $"{e.Message} (write it in GVariant's text format: 'text', uint64 5, true)"
            );
        }

        return name.EndsWith("Sec", StringComparison.Ordinal) && char.IsAsciiLetterLower(name[^4])
            ? new UnitProperty($"{name[..^3]}USec", Microseconds(property, value))
            : new UnitProperty(name, value);
    }

    private static DBusVariant Microseconds(string property, DBusVariant value)
    {
        double? seconds = value.Value switch
        {
            byte number => number,
            short number => number,
            ushort number => number,
            int number => number,
            uint number => number,
            long number => number,
            ulong number => number,
            double number => number,
            _ => null,
        };
        return seconds is >= 0 and < ulong.MaxValue / MicrosecondsPerSecond
            ? DBusVariant.Of((ulong)(seconds.Value * MicrosecondsPerSecond))
            : throw new SpecException(property, "is no time in seconds");
    }
}
