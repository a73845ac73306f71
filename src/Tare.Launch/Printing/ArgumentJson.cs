using System.Text.Json;
using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>One argument of a call as a JSON object; its first property says what it is.</summary>
internal static class ArgumentJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Syscall call, int index, Argument argument, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (argument.Kind)
        {
            case ArgumentKind.Immediate:
                json.WriteNumber("value", argument.Value);
                if (argument.Format != ArgumentFormat.Decimal)
                {
                    json.WriteString("words", ArgumentWords.Number(argument));
                }

                break;
            case ArgumentKind.Bytes when argument.IsText && BytesWords.AsText(argument.Blob.Span) is { } text:
                json.WriteString("text", text);
                break;
            case ArgumentKind.Bytes:
                WriteBytes(CallShapes.Of(call, index), argument.Blob.Span, json);
                break;
            case ArgumentKind.Texts:
                json.WriteStartArray("texts");
                foreach (string text in argument.Strings)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                break;
            case ArgumentKind.Slot:
                json.WriteNumber("slot", argument.Slot!.Index);
                break;
            case ArgumentKind.SlotAddress:
                json.WriteNumber("addressOfSlot", argument.Slot!.Index);
                break;
            case ArgumentKind.Scratch:
                json.WriteNumber("memory", argument.Memory!.Index);
                json.WriteNumber("offset", argument.Value);
                break;
            default:
                throw new InvalidOperationException($"an argument of kind {argument.Kind} has no JSON");
        }

        json.WriteEndObject();
    }

    private static void WriteBytes(ArgumentShape shape, ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        json.WriteString("bytes", Convert.ToHexStringLower(bytes));
        if (StructWords.Name(shape) is { } name && StructWords.Fields(shape, bytes) is { } fields)
        {
            json.WriteString("struct", name);
            json.WriteStartObject("fields");
            foreach (Field field in fields)
            {
                json.WriteString(field.Name, field.Value);
            }

            json.WriteEndObject();
        }
    }
}
