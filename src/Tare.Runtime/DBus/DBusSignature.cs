namespace Tare.Runtime.DBus;

/// <summary>Signatures: types of values, a character each, containers around what they contain. D-Bus specification, "Type System".</summary>
internal static class DBusSignature
{
    private const int Deepest = 64;

    /// <summary>Takes one complete type off.</summary>
    /// <exception cref="DBusException">It begins with none.</exception>
    public static void SkipType(ref ReadOnlySpan<char> signature, int depth)
    {
        if (signature.IsEmpty || depth > Deepest)
        {
            throw DBusReader.Malformed("a signature is not complete");
        }

        char type = signature[0];
        signature = signature[1..];
        switch (type)
        {
            case 'a':
                SkipType(ref signature, depth + 1);
                break;
            case '(' or '{':
                char close = type == '(' ? ')' : '}';
                do
                {
                    SkipType(ref signature, depth + 1);
                } while (!signature.IsEmpty && signature[0] != close);

                if (signature.IsEmpty)
                {
                    throw DBusReader.Malformed("a signature is not complete");
                }

                signature = signature[1..];
                break;
            default:
                if (!"ybnqiuxtdsoghv".Contains(type, StringComparison.Ordinal))
                {
                    throw DBusReader.Malformed("there is no such type");
                }

                break;
        }
    }
}
