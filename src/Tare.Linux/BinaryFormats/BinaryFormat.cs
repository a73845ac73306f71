using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tare.Linux;

/// <summary>How the interpreter of a binary format is called. binfmt-misc.rst of the kernel's documentation.</summary>
[Flags]
public enum BinaryFormatFlags
{
    /// <summary>With the program's path in place of argv[0], and then the arguments.</summary>
    None = 0,

    /// <summary>argv[0] is kept, behind the path: <c>P</c>.</summary>
    KeepArgv0 = 0x1,

    /// <summary>The program is handed over open, as AT_EXECFD, so that it need not be readable: <c>O</c>.</summary>
    OpenProgram = 0x2,

    /// <summary>Set-user-ID and the like are the program's, not the interpreter's; with it goes <c>O</c>: <c>C</c>.</summary>
    Credentials = 0x4,

    /// <summary>The interpreter is opened when the format is registered, and is that one in every container: <c>F</c>.</summary>
    FixInterpreter = 0x8,
}

/// <summary>
/// Programs that the kernel executes by an interpreter: those whose names end with an extension, or that have certain bytes near
/// their begin. binfmt-misc.rst of the kernel's documentation.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Interpreter">The program that executes it: an absolute path.</param>
public sealed record BinaryFormat(string Name, string Interpreter)
{
    private const string Letters = "POCF";
    private const int Begin = 256; // BINPRM_BUF_SIZE: what the kernel looks at
    private const int Longest = 1920; // MAX_REGISTER_LENGTH

    /// <summary>The end of the programs' names behind the last dot; null where <see cref="Magic"/> decides.</summary>
    public string? Extension { get; init; }

    /// <summary>The bytes that the programs have.</summary>
    public ImmutableArray<byte> Magic { get; init; } = [];

    /// <summary>Which bits of them count: as many bytes; empty is all.</summary>
    public ImmutableArray<byte> Mask { get; init; } = [];

    /// <summary>Where they have them, in bytes from the begin; the last one is within the first 256.</summary>
    public int Offset { get; init; }

    /// <summary>How the interpreter is called.</summary>
    public BinaryFormatFlags Flags { get; init; }

    /// <summary>It is used; what is registered is at first.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>What is written to <c>register</c>.</summary>
    /// <exception cref="ArgumentException">It is no format.</exception>
    internal byte[] ToLine()
    {
        Check();
        char separator = ":|,;!#%+=~".FirstOrDefault(candidate =>
            !$"{Name}{Interpreter}{Extension}".Contains(candidate)
        );
        string line = string.Join(
            separator == default
                ? throw Bad(nameof(Name), "there is nothing left to separate the parts with")
                : separator,
            "",
            Name,
            Extension is null ? "M" : "E",
            Extension is null ? Offset.ToString(CultureInfo.InvariantCulture) : "",
            Extension ?? Escaped(Magic),
            Escaped(Mask),
            Interpreter,
            string.Concat(Letters.Where((_, bit) => ((int)Flags & (1 << bit)) != 0))
        );
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        return bytes.Length <= Longest ? bytes : throw Bad(nameof(Interpreter), "all of it is too long");
    }

    /// <summary>Takes a format's file apart.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static BinaryFormat Parse(string name, string text)
    {
        BinaryFormat format = new(name, "") { IsEnabled = text.StartsWith("enabled\n", StringComparison.Ordinal) };
        foreach (string line in text.Split('\n'))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            string value = line[(blank + 1)..];
            format = line[..Math.Max(0, blank)] switch
            {
                "interpreter" => format with { Interpreter = value },
                "flags:" => format with { Flags = FlagsOf(value) },
                "extension" => format with { Extension = value.TrimStart('.') },
                "offset" => format with { Offset = int.Parse(value, CultureInfo.InvariantCulture) },
                "magic" => format with { Magic = [.. Convert.FromHexString(value)] },
                "mask" => format with { Mask = [.. Convert.FromHexString(value)] },
                _ => format,
            };
        }

        return format.Interpreter.Length > 0
            ? format
            : throw new FormatException($"the file of the binary format '{name}' names no interpreter");
    }

    /// <inheritdoc />
    public bool Equals(BinaryFormat? other) =>
        other is not null
        && (Name, Interpreter, Extension, Offset, Flags, IsEnabled)
            == (other.Name, other.Interpreter, other.Extension, other.Offset, other.Flags, other.IsEnabled)
        && Magic.AsSpan().SequenceEqual(other.Magic.AsSpan())
        && Mask.AsSpan().SequenceEqual(other.Mask.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Interpreter, Extension, Offset, Flags, IsEnabled);

    /// <summary>A name that one can have.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." or "register" or "status" || name.Any(letter => letter is '/' or '\0' or '\n'))
        {
            throw Bad(nameof(Name), $"'{name}' is no name for a binary format");
        }
    }

    private void Check()
    {
        CheckName(Name);
        if (!Interpreter.StartsWith('/') || Interpreter.Any(letter => letter is '\0' or '\n'))
        {
            throw Bad(nameof(Interpreter), $"'{Interpreter}' is no absolute path");
        }

        if (Extension is null == Magic.IsDefaultOrEmpty)
        {
            throw Bad(nameof(Magic), "a binary format is known by either an extension or some bytes");
        }

        if (Extension is "" || Extension?.Any(letter => letter is '/' or '\0' or '\n') == true)
        {
            throw Bad(nameof(Extension), $"'{Extension}' is no extension");
        }

        if (Extension is null && (Offset < 0 || Offset + (long)Magic.Length > Begin))
        {
            throw Bad(nameof(Offset), $"only the first {Begin} bytes of a program are looked at");
        }

        if (!Mask.IsDefaultOrEmpty && Mask.Length != (Extension is null ? Magic.Length : 0))
        {
            throw Bad(nameof(Mask), "a mask has as many bytes as what it is for");
        }

        if (((int)Flags & ~0xf) != 0)
        {
            throw Bad(nameof(Flags), $"0x{(int)Flags & ~0xf:x} is unknown");
        }
    }

    // Whatever the bytes are: a zero would end the line.
    private static string Escaped(ImmutableArray<byte> bytes) =>
        bytes.IsDefaultOrEmpty ? "" : string.Concat(bytes.Select(value => $"\\x{value:x2}"));

    private static BinaryFormatFlags FlagsOf(string letters) =>
        (BinaryFormatFlags)letters.Sum(letter => Letters.IndexOf(letter) is >= 0 and var bit ? 1 << bit : 0);

    private static ArgumentException Bad(string property, string why) => new(why, property);
}
