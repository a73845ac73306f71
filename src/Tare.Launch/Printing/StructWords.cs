using System.Net;
using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>One field of a struct, for people.</summary>
internal readonly record struct Field(string Name, string Value);

/// <summary>Reads the structs that the kernel's calls take. Fields that are zero are left out, as in a C initialiser.</summary>
internal static class StructWords
{
    /// <summary>The kernel's name of the struct; null where the shape is none.</summary>
    public static string? Name(ArgumentShape shape) =>
        shape switch
        {
            ArgumentShape.CloneArguments => "clone_args",
            ArgumentShape.OpenHow => "open_how",
            ArgumentShape.MountAttributes => "mount_attr",
            ArgumentShape.ResourceLimit => "rlimit64",
            ArgumentShape.CapabilityHeader => "user_cap_header",
            ArgumentShape.CapabilitySets => "user_cap_data",
            ArgumentShape.TimeSpec => "timespec",
            ArgumentShape.SocketAddress => "sockaddr",
            ArgumentShape.GroupList => "gid_t[]",
            ArgumentShape.SignalSet => "sigset_t",
            _ => null,
        };

    /// <summary>The fields; null where the bytes are not that struct.</summary>
    public static IReadOnlyList<Field>? Fields(ArgumentShape shape, ReadOnlySpan<byte> bytes) =>
        shape switch
        {
            ArgumentShape.CloneArguments when bytes.Length >= 64 => CloneArguments(bytes),
            ArgumentShape.OpenHow when bytes.Length >= 24 => OpenHow(bytes),
            ArgumentShape.MountAttributes when bytes.Length >= 32 => MountAttributes(bytes),
            ArgumentShape.ResourceLimit when bytes.Length == 16 =>
            [
                new("cur", Limit(NumberWords.UInt64At(bytes, 0))),
                new("max", Limit(NumberWords.UInt64At(bytes, 8))),
            ],
            ArgumentShape.CapabilityHeader when bytes.Length == 8 =>
            [
                new("version", NumberWords.Hex(NumberWords.UInt32At(bytes, 0))),
                new("pid", NumberWords.Decimal((int)NumberWords.UInt32At(bytes, 4))),
            ],
            ArgumentShape.CapabilitySets when bytes.Length == 24 =>
            [
                new("effective", SetWords.Capabilities(bytes, 0)),
                new("permitted", SetWords.Capabilities(bytes, 4)),
                new("inheritable", SetWords.Capabilities(bytes, 8)),
            ],
            ArgumentShape.TimeSpec when bytes.Length == 16 =>
            [
                new("sec", NumberWords.Decimal(NumberWords.Int64At(bytes, 0))),
                new("nsec", NumberWords.Decimal(NumberWords.Int64At(bytes, 8))),
            ],
            ArgumentShape.SocketAddress when bytes.Length >= 2 => SocketAddress(bytes),
            ArgumentShape.SignalSet when bytes.Length == 8 =>
            [
                new("signals", SetWords.Signals(NumberWords.UInt64At(bytes, 0))),
            ],
            _ => null,
        };

    /// <summary>The numbers of a list of groups.</summary>
    public static IReadOnlyList<uint> Groups(ReadOnlySpan<byte> bytes)
    {
        uint[] groups = new uint[bytes.Length / 4];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = NumberWords.UInt32At(bytes, i * 4);
        }

        return groups;
    }

    private static List<Field> CloneArguments(ReadOnlySpan<byte> bytes)
    {
        List<Field> fields = [new("flags", EnumWords.Of((CloneFlags)NumberWords.UInt64At(bytes, 0)))];
        string[] names = ["pidfd", "child_tid", "parent_tid", "exit_signal", "stack", "stack_size", "tls"];
        for (int i = 0; i < names.Length; i++)
        {
            Func<long, string> print = names[i] == "exit_signal" ? SignalName : NumberWords.Hex;
            AddIfSet(fields, names[i], NumberWords.Int64At(bytes, (i + 1) * 8), print);
        }

        if (bytes.Length >= 88)
        {
            AddIfSet(fields, "cgroup", NumberWords.Int64At(bytes, 80), NumberWords.Decimal);
        }

        return fields;
    }

    private static List<Field> OpenHow(ReadOnlySpan<byte> bytes)
    {
        List<Field> fields = [new("flags", EnumWords.Of((OpenFlags)NumberWords.UInt64At(bytes, 0)))];
        AddIfSet(fields, "mode", NumberWords.Int64At(bytes, 8), NumberWords.Octal);
        AddIfSet(fields, "resolve", NumberWords.Int64At(bytes, 16), value => EnumWords.Of((ResolveFlags)value));
        return fields;
    }

    private static List<Field> MountAttributes(ReadOnlySpan<byte> bytes)
    {
        List<Field> fields = [];
        AddIfSet(fields, "attr_set", NumberWords.Int64At(bytes, 0), value => EnumWords.Of((MountAttributeFlags)value));
        AddIfSet(fields, "attr_clr", NumberWords.Int64At(bytes, 8), value => EnumWords.Of((MountAttributeFlags)value));
        AddIfSet(fields, "propagation", NumberWords.Int64At(bytes, 16), value => EnumWords.Of((MountFlags)value));
        AddIfSet(fields, "userns_fd", NumberWords.Int64At(bytes, 24), NumberWords.Decimal);
        return fields;
    }

    private static List<Field> SocketAddress(ReadOnlySpan<byte> bytes)
    {
        int family = bytes[0] | (bytes[1] << 8);
        ReadOnlySpan<byte> rest = bytes[2..];
        return family switch
        {
            1 => [new("family", "AF_UNIX"), new("path", UnixPath(rest))],
            2 when bytes.Length == 16 =>
            [
                new("family", "AF_INET"),
                new("port", NumberWords.Decimal((rest[0] << 8) | rest[1])),
                new("addr", new IPAddress(bytes.Slice(4, 4)).ToString()),
            ],
            10 when bytes.Length == 28 =>
            [
                new("family", "AF_INET6"),
                new("port", NumberWords.Decimal((rest[0] << 8) | rest[1])),
                new("addr", new IPAddress(bytes.Slice(8, 16)).ToString()),
            ],
            _ => [new("family", NumberWords.Decimal(family)), new("data", BytesWords.Hex(rest))],
        };
    }

    // unix(7): a path that begins with a zero is an abstract name.
    private static string UnixPath(ReadOnlySpan<byte> bytes)
    {
        bool isAbstract = bytes.Length > 1 && bytes[0] == 0;
        ReadOnlySpan<byte> name = isAbstract ? bytes[1..] : bytes.TrimEnd((byte)0);
        return BytesWords.AsText(name) is { } text
            ? BytesWords.Quote(isAbstract ? "@" + text : text)
            : BytesWords.Hex(bytes);
    }

    private static string SignalName(long number) => EnumWords.Of((Signal)number);

    private static string Limit(ulong value) =>
        value == ulong.MaxValue ? "RLIM_INFINITY" : NumberWords.Decimal((long)value);

    private static void AddIfSet(List<Field> fields, string name, long value, Func<long, string> print)
    {
        if (value != 0)
        {
            fields.Add(new(name, print(value)));
        }
    }
}
