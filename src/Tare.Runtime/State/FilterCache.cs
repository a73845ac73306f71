using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;
using Tare.Runtime.Validation;

namespace Tare.Runtime.State;

/// <summary>
/// Keeps compiled filters beside the containers' state, where the next program finds them: compiling an engine's profile
/// takes longer than most of a launch's other work (docs/adr/0009). Nothing depends on it: what is missing, damaged or not
/// this user's own is compiled anew, and what cannot be written is not.
/// </summary>
public static class FilterCache
{
    private const int Most = 64;
    private const int Longest = 1 << 20;
    private const FileModes DirectoryMode = (FileModes)0x1c0; // rwx------
    private const FileModes FileMode = (FileModes)0x180; // rw-------
    private const FileModes OthersWrite = (FileModes)0x12; // -w--w-
    private const string NewSuffix = ".new";

    /// <summary>The program of a profile; null where there is no profile.</summary>
    /// <param name="root">The directory of the containers' state. Preconditions: it exists.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="processor">What the program is for.</param>
    /// <exception cref="SpecException">The program is longer than the kernel takes.</exception>
    public static SocketFilter[]? Get(string root, SeccompSpec? profile, CpuArchitecture processor)
    {
        if (profile is null)
        {
            return null;
        }

        if (profile.Text is not { Utf8: { Length: < Longest } text } || Open(root) is not { } opened)
        {
            return SeccompCompiler.Compile(profile, processor);
        }

        using DirectoryFd directory = opened;
        string name = FilterFile.HashOf(text.Span).ToString("x16", CultureInfo.InvariantCulture);
        if (Read(directory, name, text.Span, processor) is { } known)
        {
            return known;
        }

        SocketFilter[] program = SeccompCompiler.Compile(profile, processor);
        Write(directory, name, FilterFile.Write(text.Span, processor, program));
        return program;
    }

    // Only what nobody else can have written is believed.
    private static DirectoryFd? Open(string root)
    {
        string path = $"{root}/{StateFiles.Filters}";
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, path, OpenFlags.O_NOFOLLOW);
        if (opened.Errno == Errno.ENOENT)
        {
            Files.MkdirAt(null, path, DirectoryMode);
            opened = Files.OpenDirectoryAt(null, path, OpenFlags.O_NOFOLLOW);
        }

        if (!opened.Ok || IsOwn(opened.Value, FileModes.S_IFDIR))
        {
            return opened.Ok ? opened.Value : null;
        }

        opened.Value.Dispose();
        return null;
    }

    private static SocketFilter[]? Read(
        DirectoryFd directory,
        string name,
        ReadOnlySpan<byte> profile,
        CpuArchitecture processor
    )
    {
        SysResult<FileFd> opened = Files.OpenAt(
            directory,
            name,
            OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK
        );
        if (!opened.Ok)
        {
            return null;
        }

        using FileFd file = opened.Value;
        return IsOwn(file, FileModes.S_IFREG) && Files.ReadToEnd(file, 2 * Longest) is { Ok: true, Value: var bytes }
            ? FilterFile.Read(bytes, profile, processor)
            : null;
    }

    // Whole or not at all: whoever is killed in between leaves a file of another name, which the next one removes.
    private static void Write(DirectoryFd directory, string name, byte[] bytes)
    {
        MakeRoom(directory);
        string made = name + NewSuffix;
        SysResult<FileFd> created = Files.OpenAt(
            directory,
            made,
            OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL,
            FileMode
        );
        if (!created.Ok)
        {
            return;
        }

        using FileFd file = created.Value;
        bool written = Files.WriteAll(file, bytes).Ok;
        if (!written || !Files.RenameAt(directory, made, directory, name).Ok)
        {
            Files.UnlinkAt(directory, made);
        }
    }

    // Which one goes matters little: it is compiled once more when it is needed.
    private static void MakeRoom(DirectoryFd directory)
    {
        List<DirectoryEntry> entries = DirectoryEntries.Read(directory).Value ?? [];
        int surplus = entries.Count - Most + 1;
        foreach (DirectoryEntry entry in entries)
        {
            bool isLeft = entry.Name.ToString().EndsWith(NewSuffix, StringComparison.Ordinal);
            if (isLeft || surplus > 0)
            {
                Files.UnlinkAt(directory, entry.Name);
                surplus--;
            }
        }
    }

    private static bool IsOwn(FileDescriptor file, FileModes type) =>
        Files.StatX(file) is { Ok: true, Value: var status }
        && status.UserId == Credentials.GetEffectiveUid()
        && (status.Mode & (FileModes.S_IFMT | OthersWrite)) == type;
}
