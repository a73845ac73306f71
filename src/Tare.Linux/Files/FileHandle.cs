using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tare.Linux;

/// <summary>
/// A file's name within its file system that no renaming changes and no other file gets, for as long as that file system is there:
/// struct file_handle. name_to_handle_at(2).
/// </summary>
public sealed record FileHandle
{
    /// <summary>The most that a handle is long, in bytes. MAX_HANDLE_SZ.</summary>
    public const int Longest = 128;

    internal const int HeaderSize = 2 * sizeof(int);

    /// <summary>Takes a handle that was kept.</summary>
    /// <param name="type">Its type, which only its file system understands.</param>
    /// <param name="bytes">At most <see cref="Longest"/>.</param>
    public FileHandle(int type, ImmutableArray<byte> bytes)
    {
        if (bytes.IsDefault || bytes.Length > Longest)
        {
            throw new ArgumentException($"a handle has at most {Longest} bytes", nameof(bytes));
        }

        Type = type;
        Bytes = bytes;
    }

    /// <summary>Its type, which only its file system understands.</summary>
    public int Type { get; }

    /// <summary>Its bytes.</summary>
    public ImmutableArray<byte> Bytes { get; }

    /// <inheritdoc />
    public bool Equals(FileHandle? other) =>
        other is not null && Type == other.Type && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Type);
        hash.AddBytes(Bytes.AsSpan());
        return hash.ToHashCode();
    }

    internal static FileHandle From(ReadOnlySpan<byte> whole)
    {
        int length = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(whole), 0, Longest);
        return new(
            BinaryPrimitives.ReadInt32LittleEndian(whole[4..]),
            ImmutableCollectionsMarshal.AsImmutableArray(whole.Slice(HeaderSize, length).ToArray())
        );
    }

    internal byte[] Whole()
    {
        byte[] whole = new byte[HeaderSize + Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(whole, Bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(4), Type);
        Bytes.CopyTo(whole, HeaderSize);
        return whole;
    }
}
