using System.Text;

namespace Tare.Runtime.DBus;

/// <summary>Where a bus listens: a socket in the file system or, abstract, beside it. D-Bus specification, "Server Addresses".</summary>
/// <param name="Name">The socket's path or abstract name.</param>
/// <param name="IsAbstract">It has no path.</param>
internal readonly record struct BusAddress(string Name, bool IsAbstract)
{
    private const int Longest = 4096;

    /// <summary>The sockets of this machine in a list of addresses; other transports are left out.</summary>
    public static IReadOnlyList<BusAddress> Parse(string list)
    {
        List<BusAddress> addresses = [];
        if (list.Length > Longest)
        {
            return addresses;
        }

        foreach (string address in list.Split(';'))
        {
            if (!address.StartsWith("unix:", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string pair in address["unix:".Length..].Split(','))
            {
                int equals = pair.IndexOf('=', StringComparison.Ordinal);
                string? value = equals < 0 ? null : Unescape(pair[(equals + 1)..]);
                if (value is { Length: > 0 } && pair[..equals] is "path" or "abstract")
                {
                    addresses.Add(new BusAddress(value!, pair[..equals] == "abstract"));
                }
            }
        }

        return addresses;
    }

    /// <inheritdoc/>
    public override string ToString() => IsAbstract ? $"@{Name}" : Name;

    // Null where it is not written as addresses are; a zero can be in no address.
    private static string? Unescape(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte c = bytes[i];
            if (c == '%')
            {
                if (
                    i + 2 >= bytes.Length
                    || !char.IsAsciiHexDigit((char)bytes[i + 1])
                    || !char.IsAsciiHexDigit((char)bytes[i + 2])
                )
                {
                    return null;
                }

                c = (byte)((Digit(bytes[i + 1]) << 4) | Digit(bytes[i + 2]));
                i += 2;
            }

            if (c == 0)
            {
                return null;
            }

            bytes[length++] = c;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int Digit(byte c) => char.IsAsciiDigit((char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
