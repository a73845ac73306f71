using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A path among a call's arguments.</summary>
/// <param name="Directory">The argument that is the directory's descriptor; -1 is none.</param>
/// <param name="Path">The argument that points to the path; -1 where the descriptor itself is meant.</param>
/// <param name="Access">What is done with it.</param>
internal readonly record struct PathUse(int Directory, int Path, RecordedAccess Access)
{
    /// <summary>A symbolic link at its end is meant itself.</summary>
    public bool NoFollow { get; init; }

    /// <summary>A file is made where none is.</summary>
    public bool Creates { get; init; }

    /// <summary>It takes away what it finds, and the access says so for a file.</summary>
    public bool Removes { get; init; }

    /// <summary>It makes what the other path is: a file, or a directory.</summary>
    public bool MakesSame { get; init; }

    /// <summary>A use of open(2) and its like.</summary>
    public static PathUse Open(int directory, int path, OpenFlags flags)
    {
        bool temporary = (flags & OpenFlags.O_TMPFILE) == OpenFlags.O_TMPFILE;
        RecordedAccess access =
            (flags & OpenFlags.O_PATH) != 0
                ? RecordedAccess.Look
                : (flags & OpenFlags.O_ACCMODE) switch
                {
                    OpenFlags.O_RDONLY => RecordedAccess.Read,
                    OpenFlags.O_WRONLY => RecordedAccess.Write,
                    _ => RecordedAccess.Read | RecordedAccess.Write,
                };
        if ((flags & OpenFlags.O_TRUNC) != 0 && (flags & OpenFlags.O_PATH) == 0)
        {
            access |= RecordedAccess.Write;
        }

        return new PathUse(directory, path, access)
        {
            NoFollow =
                (flags & OpenFlags.O_NOFOLLOW) != 0
                || (flags & (OpenFlags.O_CREAT | OpenFlags.O_EXCL)) == (OpenFlags.O_CREAT | OpenFlags.O_EXCL),
            Creates = (flags & OpenFlags.O_CREAT) != 0 && !temporary && (flags & OpenFlags.O_PATH) == 0,
        };
    }

    /// <summary>A use by a call with a word of AT_ flags.</summary>
    public static PathUse At(int directory, int path, RecordedAccess access, ulong flags) =>
        new(directory, path, access) { NoFollow = ((AtFlags)flags & AtFlags.AT_SYMLINK_NOFOLLOW) != 0 };
}
