using System.Buffers.Binary;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>How an argument's bits reach the register.</summary>
public enum ArgumentKind
{
    /// <summary>The value itself.</summary>
    Immediate,

    /// <summary>The address of bytes that nobody changes; text is terminated by a zero.</summary>
    Bytes,

    /// <summary>The address of an array of addresses of texts, ended by a null: argv, envp.</summary>
    Texts,

    /// <summary>What a slot holds when the step runs.</summary>
    Slot,

    /// <summary>The address of a slot.</summary>
    SlotAddress,

    /// <summary>The address of scratch memory.</summary>
    Scratch,
}

/// <summary>How people read an immediate.</summary>
public enum ArgumentFormat
{
    /// <summary>A decimal number.</summary>
    Decimal,

    /// <summary>A hexadecimal number.</summary>
    Hex,

    /// <summary>Permission bits.</summary>
    Octal,

    /// <summary>A flags word whose names are in <see cref="Argument.Words"/>.</summary>
    Named,

    /// <summary>AT_FDCWD.</summary>
    WorkingDirectory,

    /// <summary>An open_how.</summary>
    OpenHow,
}

/// <summary>One argument of a step's system call.</summary>
public readonly record struct Argument
{
    private Argument(ArgumentKind kind, long value, object? content, ArgumentFormat format)
    {
        Kind = kind;
        Value = value;
        Content = content;
        Format = format;
    }

    /// <summary>How the argument reaches the kernel.</summary>
    public ArgumentKind Kind { get; }

    /// <summary>The value of an immediate; the offset into scratch memory.</summary>
    public long Value { get; }

    /// <summary>How an immediate is printed.</summary>
    public ArgumentFormat Format { get; }

    private object? Content { get; }

    /// <summary>AT_FDCWD: paths are relative to the working directory.</summary>
    public static Argument WorkingDirectory => new(ArgumentKind.Immediate, -100, null, ArgumentFormat.WorkingDirectory);

    /// <summary>A null pointer, or zero.</summary>
    public static Argument Null => new(ArgumentKind.Immediate, 0, null, ArgumentFormat.Decimal);

    /// <summary>The names of a <see cref="ArgumentFormat.Named"/> value, made when somebody wants to read them.</summary>
    public string? Words => Content is Enum names ? names.ToString() : null;

    /// <summary>The bytes of a <see cref="ArgumentKind.Bytes"/> argument, with the zero that ends a text.</summary>
    public ReadOnlyMemory<byte> Blob => Content is byte[] bytes ? bytes : default;

    /// <summary>The value of an immediate for the kernel of an architecture: the flags of open(2) differ.</summary>
    public long ValueFor(CpuArchitecture architecture) =>
        Content is OpenFlags flags ? OpenFlagsTable.For(flags, architecture) : Value;

    /// <summary>The bytes for the kernel of an architecture: the flags in an open_how differ.</summary>
    public ReadOnlyMemory<byte> BlobFor(CpuArchitecture architecture)
    {
        if (Format != ArgumentFormat.OpenHow || architecture == CpuArchitecture.X64)
        {
            return Blob;
        }

        byte[] how = Blob.ToArray();
        OpenFlags flags = (OpenFlags)BinaryPrimitives.ReadUInt64LittleEndian(how);
        BinaryPrimitives.WriteUInt64LittleEndian(how, OpenFlagsTable.For(flags, architecture));
        return how;
    }

    /// <summary>The bytes are a text that ends with a zero.</summary>
    public bool IsText => Kind == ArgumentKind.Bytes && Format == ArgumentFormat.Decimal;

    /// <summary>The strings of a <see cref="ArgumentKind.Texts"/> argument.</summary>
    public IReadOnlyList<string> Strings => Block?.Texts ?? [];

    /// <summary>The same, as the kernel takes them.</summary>
    internal TextBlock? Block => Content as TextBlock;

    /// <summary>The slot of a slot argument.</summary>
    public Slot? Slot => Content as Slot;

    /// <summary>The scratch memory of a scratch argument.</summary>
    public Scratch? Memory => Content as Scratch;

    /// <summary>A number.</summary>
    public static implicit operator Argument(long value) =>
        new(ArgumentKind.Immediate, value, null, ArgumentFormat.Decimal);

    /// <summary>A number.</summary>
    public static implicit operator Argument(int value) =>
        new(ArgumentKind.Immediate, value, null, ArgumentFormat.Decimal);

    /// <summary>A text, in UTF-8, ended by a zero.</summary>
    public static implicit operator Argument(string text) => Text(text);

    /// <summary>What a slot holds.</summary>
    public static implicit operator Argument(Slot slot) => new(ArgumentKind.Slot, 0, slot, ArgumentFormat.Decimal);

    /// <summary>The address of scratch memory.</summary>
    public static implicit operator Argument(Scratch memory) =>
        new(ArgumentKind.Scratch, 0, memory, ArgumentFormat.Hex);

    /// <summary>A number that is read in another base.</summary>
    public static Argument Number(long value, ArgumentFormat format) =>
        new(ArgumentKind.Immediate, value, null, format);

    /// <summary>Flags or a constant, printed by their names.</summary>
    public static Argument Flags<T>(T flags)
        where T : struct, Enum => new(ArgumentKind.Immediate, ToInt64(flags), flags, ArgumentFormat.Named);

    /// <summary>A text, in UTF-8, ended by a zero.</summary>
    /// <exception cref="ArgumentException">The text contains a zero.</exception>
    public static Argument Text(string text)
    {
        ForbidZero(text, nameof(text));
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return new(ArgumentKind.Bytes, 0, bytes, ArgumentFormat.Decimal);
    }

    /// <summary>The address of a constant struct.</summary>
    public static Argument Struct(ReadOnlySpan<byte> bytes) =>
        new(ArgumentKind.Bytes, 0, bytes.ToArray(), ArgumentFormat.Hex);

    /// <summary>The address of an open_how, for openat2. Its size is 24.</summary>
    /// <param name="flags">How to open; O_CLOEXEC is not implied.</param>
    /// <param name="resolve">How the path is resolved.</param>
    /// <param name="mode">The permission bits of a file that is created.</param>
    public static Argument OpenHow(OpenFlags flags, ResolveFlags resolve, uint mode = 0)
    {
        byte[] how = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(how, (ulong)flags);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(8), mode);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(16), (ulong)resolve);
        return new(ArgumentKind.Bytes, 0, how, ArgumentFormat.OpenHow);
    }

    /// <summary>The address of an array of texts, ended by a null.</summary>
    /// <exception cref="ArgumentException">A text contains a zero.</exception>
    public static Argument Texts(IReadOnlyList<string> texts) =>
        new(ArgumentKind.Texts, 0, new TextBlock(texts), ArgumentFormat.Decimal);

    /// <summary>The address of a slot, for calls that write an integer through a pointer.</summary>
    public static Argument AddressOf(Slot slot) => new(ArgumentKind.SlotAddress, 0, slot, ArgumentFormat.Hex);

    private static void ForbidZero(string text, string name)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a text for the kernel cannot contain a zero byte", name);
        }
    }

    private static long ToInt64<T>(T flags)
        where T : struct, Enum =>
        System.Runtime.CompilerServices.Unsafe.SizeOf<T>() switch
        {
            1 => System.Runtime.CompilerServices.Unsafe.BitCast<T, byte>(flags),
            2 => System.Runtime.CompilerServices.Unsafe.BitCast<T, ushort>(flags),
            4 => System.Runtime.CompilerServices.Unsafe.BitCast<T, uint>(flags),
            _ => System.Runtime.CompilerServices.Unsafe.BitCast<T, long>(flags),
        };
}
