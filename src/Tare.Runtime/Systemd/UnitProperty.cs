using Tare.Runtime.DBus;

namespace Tare.Runtime.Systemd;

/// <summary>A property of a unit. org.freedesktop.systemd1(5).</summary>
/// <param name="Name">Its name on the bus.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct UnitProperty(string Name, DBusVariant Value)
{
    /// <summary>Writes properties as an array of pairs of name and value: <c>a(sv)</c>.</summary>
    public static void Write(DBusWriter writer, IReadOnlyList<UnitProperty> properties)
    {
        (int, int) array = writer.BeginArray(8);
        foreach (UnitProperty property in properties)
        {
            writer.Align(8);
            writer.WriteString(property.Name);
            property.Value.Write(writer);
        }

        writer.EndArray(array);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Value}";
}
