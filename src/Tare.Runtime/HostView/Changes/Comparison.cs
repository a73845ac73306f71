using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>In what two files differ.</summary>
internal static class Comparison
{
    private const int ChunkSize = 64 << 10;

    /// <summary>Of files that are no directories, or of which one is.</summary>
    /// <param name="found">What the program left, opened with O_PATH.</param>
    /// <param name="after">What it is.</param>
    /// <param name="there">What the machine has, likewise.</param>
    /// <param name="before">What that is.</param>
    public static ChangeAspects Of(FileFd found, FileFacts after, FileFd there, FileFacts before)
    {
        if (after.Type != before.Type || after.Device != before.Device)
        {
            return ChangeAspects.Type;
        }

        ChangeAspects aspects = OfFacts(after, before);
        if (after.Modified != before.Modified)
        {
            aspects |= ChangeAspects.Time;
        }

        return after.Type switch
        {
            FileModes.S_IFREG => aspects | OfRegular(found, after, there, before),
            FileModes.S_IFLNK => aspects | OfLinks(found, there),
            _ => aspects,
        };
    }

    /// <summary>Of a directory and what the machine has in its place.</summary>
    /// <param name="own">The directory that the program left.</param>
    /// <param name="after">What it is.</param>
    /// <param name="there">What the machine has, opened with O_PATH.</param>
    /// <param name="before">What that is.</param>
    /// <param name="withAttributes">The extended attributes count too.</param>
    public static ChangeAspects OfDirectories(
        DirectoryFd own,
        FileFacts after,
        FileFd there,
        FileFacts before,
        bool withAttributes
    )
    {
        if (after.Type != before.Type)
        {
            return ChangeAspects.Type;
        }

        ChangeAspects aspects = OfFacts(after, before);
        return withAttributes && HasOtherAttributes(own, there) ? aspects | ChangeAspects.Attributes : aspects;
    }

    private static ChangeAspects OfFacts(FileFacts after, FileFacts before)
    {
        ChangeAspects aspects = ChangeAspects.None;
        if (after.Mode != before.Mode && after.Type != FileModes.S_IFLNK)
        {
            aspects |= ChangeAspects.Mode;
        }

        return after.Uid != before.Uid || after.Gid != before.Gid ? aspects | ChangeAspects.Owner : aspects;
    }

    // What cannot be read is not known to be the same.
    private static ChangeAspects OfRegular(FileFd found, FileFacts after, FileFd there, FileFacts before)
    {
        SysResult<FileFd> left = PartLayers.Read(found);
        using FileFd? mine = left.Ok ? left.Value : null;
        SysResult<FileFd> right = PartLayers.Read(there);
        using FileFd? its = right.Ok ? right.Value : null;
        if (mine is null || its is null)
        {
            return ChangeAspects.Content;
        }

        ChangeAspects aspects = Attributes.Equal(Attributes.Of(mine), Attributes.Of(its))
            ? ChangeAspects.None
            : ChangeAspects.Attributes;
        return after.Size == before.Size && HasSameContent(mine, its) ? aspects : aspects | ChangeAspects.Content;
    }

    private static ChangeAspects OfLinks(FileFd found, FileFd there)
    {
        SysResult<BytePath> left = Files.ReadLinkAt(found, BytePath.Empty);
        SysResult<BytePath> right = Files.ReadLinkAt(there, BytePath.Empty);
        return left.Ok && right.Ok && left.Value == right.Value ? ChangeAspects.None : ChangeAspects.Content;
    }

    private static bool HasOtherAttributes(DirectoryFd own, FileFd there)
    {
        SysResult<FileFd> left = PartLayers.Read(own);
        using FileFd? mine = left.Ok ? left.Value : null;
        SysResult<FileFd> right = PartLayers.Read(there);
        using FileFd? its = right.Ok ? right.Value : null;
        return mine is not null && its is not null && !Attributes.Equal(Attributes.Of(mine), Attributes.Of(its));
    }

    private static bool HasSameContent(FileFd left, FileFd right)
    {
        byte[] one = new byte[ChunkSize];
        byte[] other = new byte[ChunkSize];
        for (long offset = 0; ; )
        {
            SysResult<int> first = ReadWhole(left, one, offset);
            SysResult<int> second = ReadWhole(right, other, offset);
            if (!first.Ok || !second.Ok || !one.AsSpan(0, first.Value).SequenceEqual(other.AsSpan(0, second.Value)))
            {
                return false;
            }

            if (first.Value == 0)
            {
                return true;
            }

            offset += first.Value;
        }
    }

    private static SysResult<int> ReadWhole(FileFd file, byte[] buffer, long offset)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            SysResult<int> read = Files.ReadAt(file, buffer.AsSpan(length), offset + length);
            if (!read.Ok || read.Value == 0)
            {
                return read.Ok ? new(length, Errno.None) : read;
            }

            length += read.Value;
        }

        return new(length, Errno.None);
    }
}
