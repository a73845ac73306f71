namespace Tare.Processes;

/// <summary>What of a directory everybody may read.</summary>
internal static class PublicFiles
{
    private const UnixFileMode Enterable = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>
    /// The files and directories below it, and itself, that everybody may read with all that is in them; those alone that lie in
    /// no other of them. Symbolic links count as what they lead to, which is judged where it lies.
    /// </summary>
    public static IReadOnlyList<string> In(string directory)
    {
        List<string> found = [];
        return Look(new DirectoryInfo(directory), found) ? [directory] : found;
    }

    // True where all of it is for everybody; else what is has been added.
    private static bool Look(DirectoryInfo directory, List<string> found)
    {
        if ((directory.UnixFileMode & Enterable) != Enterable)
        {
            return false;
        }

        List<string> inside = [];
        bool all = true;
        foreach (FileSystemInfo entry in directory.EnumerateFileSystemInfos())
        {
            bool isPublic =
                entry.LinkTarget is not null
                || (entry is DirectoryInfo below ? Look(below, inside) : IsReadable(entry));
            all &= isPublic;
            if (isPublic && entry.LinkTarget is null)
            {
                inside.Add(entry.FullName);
            }
        }

        if (!all)
        {
            found.AddRange(inside);
        }

        return all;
    }

    private static bool IsReadable(FileSystemInfo file) => (file.UnixFileMode & UnixFileMode.OtherRead) != 0;
}
