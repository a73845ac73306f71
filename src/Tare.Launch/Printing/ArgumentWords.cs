using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>One argument of a call, as strace would print it.</summary>
internal static class ArgumentWords
{
    // What a person cannot take in on one line is cut; JSON has it whole.
    private const int ShownTexts = 16;

    /// <summary>The argument in words: slots in ‹angle quotes›, scratch memory in [brackets].</summary>
    public static string Of(Syscall call, int index, Argument argument)
    {
        ArgumentShape shape = CallShapes.Of(call, index);
        return argument.Kind switch
        {
            ArgumentKind.Immediate => Immediate(shape, argument),
            ArgumentKind.Bytes => Bytes(shape, argument.Blob.Span, argument.IsText),
            ArgumentKind.Texts => Texts(argument.Strings),
            ArgumentKind.Slot => argument.Slot!.ToString(),
            ArgumentKind.SlotAddress => $"&{argument.Slot}",
            ArgumentKind.Scratch => Memory(shape, argument),
            _ => throw new InvalidOperationException($"an argument of kind {argument.Kind} has no words"),
        };
    }

    /// <summary>A number in the form that its reader expects.</summary>
    public static string Number(Argument argument) =>
        argument.Format switch
        {
            ArgumentFormat.WorkingDirectory => "AT_FDCWD",
            ArgumentFormat.Named when argument.Words is { } words => EnumWords.Of(words),
            ArgumentFormat.Octal => NumberWords.Octal(argument.Value),
            ArgumentFormat.Hex => NumberWords.Hex(argument.Value),
            _ => NumberWords.Decimal(argument.Value),
        };

    private static string Immediate(ArgumentShape shape, Argument argument) =>
        shape != ArgumentShape.Unknown && argument.Value == 0 ? "NULL" : Number(argument);

    private static string Bytes(ArgumentShape shape, ReadOnlySpan<byte> bytes, bool isText)
    {
        if (StructWords.Fields(shape, bytes) is { } fields)
        {
            return "{" + string.Join(", ", fields.Select(field => $"{field.Name}={field.Value}")) + "}";
        }

        if (shape == ArgumentShape.GroupList && bytes.Length % 4 == 0)
        {
            return "[" + string.Join(", ", StructWords.Groups(bytes)) + "]";
        }

        bool readable = isText || shape == ArgumentShape.Buffer;
        return readable && BytesWords.AsText(bytes) is { } text ? BytesWords.Quote(text) : BytesWords.Hex(bytes);
    }

    private static string Texts(IReadOnlyList<string> texts)
    {
        string shown = string.Join(", ", texts.Take(ShownTexts).Select(BytesWords.Quote));
        return texts.Count <= ShownTexts ? $"[{shown}]" : $"[{shown}, … ({texts.Count} texts)]";
    }

    private static string Memory(ArgumentShape shape, Argument argument)
    {
        Scratch memory = argument.Memory!;
        string place = argument.Value == 0 ? $"[{memory.Name}]" : $"[{memory.Name}+{argument.Value}]";
        ReadOnlySpan<byte> content = memory.Content.Span;
        bool startsEmpty = !content.ContainsAnyExcept((byte)0);
        return startsEmpty || argument.Value != 0 ? place : $"{place}={Bytes(shape, content, isText: false)}";
    }
}
