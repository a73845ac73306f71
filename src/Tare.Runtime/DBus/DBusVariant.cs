using System.Globalization;

namespace Tare.Runtime.DBus;

/// <summary>A value with its type: what properties are given.</summary>
/// <param name="Signature">One complete type: a basic one, an array of a basic one, or <c>a(st)</c>.</param>
/// <param name="Value">
/// The value as .NET has it: byte, bool, short, ushort, int, uint, long, ulong, double or string; an array of one of them;
/// an array of pairs.
/// </param>
internal readonly record struct DBusVariant(string Signature, object Value)
{
    public static DBusVariant Of(bool value) => new("b", value);

    public static DBusVariant Of(string value) => new("s", value);

    public static DBusVariant Of(ulong value) => new("t", value);

    public static DBusVariant Of(byte[] value) => new("ay", value);

    public static DBusVariant Of(uint[] value) => new("au", value);

    public static DBusVariant Of(string[] value) => new("as", value);

    public static DBusVariant Of((string, ulong)[] value) => new("a(st)", value);

    /// <summary>Writes type and value.</summary>
    public void Write(DBusWriter writer)
    {
        writer.WriteSignature(Signature);
        if (Signature[0] != 'a')
        {
            WriteOne(writer, Signature[0], Value);
            return;
        }

        (int, int) array = writer.BeginArray(DBusReader.AlignmentOf(Signature[1]));
        foreach (object element in (Array)Value)
        {
            if (element is (string path, ulong number))
            {
                writer.Align(8);
                writer.WriteString(path);
                writer.WriteUInt64(number);
            }
            else
            {
                WriteOne(writer, Signature[1], element);
            }
        }

        writer.EndArray(array);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Signature} {(Value is Array array ? string.Join(' ', array.Cast<object>().Select(Text)) : Text(Value))}".TrimEnd();

    private static string Text(object value) =>
        value switch
        {
            bool truth => truth ? "true" : "false",
            (string text, ulong number) => string.Create(CultureInfo.InvariantCulture, $"{text}={number}"),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static void WriteOne(DBusWriter writer, char type, object value)
    {
        switch (type, value)
        {
            case ('y', byte number):
                writer.WriteByte(number);
                break;
            case ('b', bool truth):
                writer.WriteBoolean(truth);
                break;
            case ('n', short number):
                writer.WriteUInt16((ushort)number);
                break;
            case ('q', ushort number):
                writer.WriteUInt16(number);
                break;
            case ('i', int number):
                writer.WriteUInt32((uint)number);
                break;
            case ('u', uint number):
                writer.WriteUInt32(number);
                break;
            case ('x', long number):
                writer.WriteUInt64((ulong)number);
                break;
            case ('t', ulong number):
                writer.WriteUInt64(number);
                break;
            case ('d', double number):
                writer.WriteUInt64(BitConverter.DoubleToUInt64Bits(number));
                break;
            case ('s' or 'o', string text):
                writer.WriteString(text);
                break;
            case ('g', string text):
                writer.WriteSignature(text);
                break;
            default:
                throw new ArgumentException($"'{value}' is no value of type '{type}'", nameof(value));
        }
    }
}
