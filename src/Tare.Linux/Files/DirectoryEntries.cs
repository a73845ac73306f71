using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A name in a directory.</summary>
/// <param name="Name">The name: one component.</param>
/// <param name="Inode">The inode's number.</param>
/// <param name="Type">One of the S_IF types; <see cref="FileModes.None"/> where the file system does not say.</param>
public readonly record struct DirectoryEntry(BytePath Name, ulong Inode, FileModes Type);

/// <summary>What a directory holds. getdents64(2).</summary>
public static class DirectoryEntries
{
    /// <summary>The size of what comes before the name in a struct linux_dirent64, in bytes.</summary>
    private const int HeadLength = 19;

    /// <summary>All names from the descriptor's position on, without <c>.</c> and <c>..</c>.</summary>
    /// <param name="directory">Opened for reading, not with O_PATH.</param>
    public static SysResult<List<DirectoryEntry>> Read(DirectoryFd directory)
    {
        List<DirectoryEntry> entries = [];
        while (true)
        {
            SysResult<bool> more = ReadSome(directory, entries);
            if (!more.Value)
            {
                return new(entries, more.Errno);
            }
        }
    }

    /// <summary>The next names, about a hundred, so that whoever filled the directory does not say how much memory it takes.</summary>
    /// <param name="directory">Opened for reading, not with O_PATH.</param>
    /// <param name="entries">What they are added to; that may be none of them, though more follow.</param>
    /// <returns>False at the end.</returns>
    internal static SysResult<bool> ReadSome(DirectoryFd directory, List<DirectoryEntry> entries)
    {
        using Borrowed descriptor = new(directory);
        Span<byte> buffer = stackalloc byte[4096];
        nint raw = Interop.getdents64(descriptor.Number, buffer);
        if (raw <= 0)
        {
            return new(false, Interop.ErrnoOf(raw));
        }

        Parse(buffer[..(int)raw], entries);
        return new(true, Errno.None);
    }

    /// <summary>Takes apart what getdents64 wrote; stops at what is no entry.</summary>
    internal static void Parse(ReadOnlySpan<byte> buffer, List<DirectoryEntry> entries)
    {
        while (buffer.Length > HeadLength)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(buffer[16..]);
            if (length <= HeadLength || length > buffer.Length)
            {
                return;
            }

            ReadOnlySpan<byte> name = buffer[HeadLength..length];
            int end = name.IndexOf((byte)0);
            name = end < 0 ? name : name[..end];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                ulong inode = BinaryPrimitives.ReadUInt64LittleEndian(buffer);
                entries.Add(new(BytePath.FromBytes(name), inode, (FileModes)((uint)buffer[18] << 12)));
            }

            buffer = buffer[length..];
        }
    }
}
