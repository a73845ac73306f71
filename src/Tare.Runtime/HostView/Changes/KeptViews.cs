using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// Where the layers of views are kept until somebody decides what becomes of them: a directory for each below a root.
/// Whoever works with a view holds the lock of its directory.
/// </summary>
/// <param name="root">The absolute path of the directory; made when it is needed.</param>
public sealed class KeptViews(string root)
{
    private const FileModes DirectoryMode = (FileModes)0x1C0; // rwx------
    private const int IdBytes = 4;

    /// <summary>The absolute path of the directory.</summary>
    public string Root => root;

    /// <summary>Makes the directory of a new view, locked.</summary>
    /// <param name="command">What is going to run in it.</param>
    /// <param name="parts">What of it can be written.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="KernelException">There is no place for it.</exception>
    public KeptView Create(IReadOnlyList<string> command, IReadOnlyList<ChangedPart> parts, DateTimeOffset now)
    {
        Files.MakeDirectories(root, DirectoryMode);
        using DirectoryFd directory = Files
            .OpenDirectoryAt(null, root)
            .OrThrow("make the directory for layers", root, "choose another by --state");
        Span<byte> random = stackalloc byte[IdBytes];
        while (true)
        {
            RandomBytes.Fill(random);
            string id = Convert.ToHexStringLower(random);
            SysResult made = Files.MkdirAt(directory, id, DirectoryMode);
            if (made.Errno == Errno.EEXIST)
            {
                continue;
            }

            made.OrThrow("make the directory", $"{root}/{id}", "choose another place by --state");
            if (KeptView.TryLock(root, id) is { } view)
            {
                view.Begin(new KeptViewRecord(command, parts, now));
                return view;
            }
        }
    }

    /// <summary>Opens a view that is kept, and locks it.</summary>
    /// <exception cref="ContainerException">There is none, or somebody works with it.</exception>
    public KeptView Open(string id)
    {
        if (!IsId(id) || !Ids().Contains(id))
        {
            throw new ContainerException($"there are no kept changes '{id}' (tare try --list tells)");
        }

        return KeptView.TryLock(root, id)
            ?? throw new ContainerException($"another tare works with the changes '{id}' (wait for it to end)");
    }

    /// <summary>The views that nobody works with, each locked.</summary>
    public IReadOnlyList<KeptView> OpenAll() => [.. Ids().Select(id => KeptView.TryLock(root, id)).OfType<KeptView>()];

    private List<string> Ids()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, root);
        if (opened.Errno == Errno.ENOENT)
        {
            return [];
        }

        using DirectoryFd directory = opened.OrThrow("open", root);
        List<string> ids =
        [
            .. DirectoryEntries
                .Read(directory)
                .OrThrow("read", root)
                .Select(entry => entry.Name.ToString())
                .Where(name => IsId(name) && IsOwn(directory, name)),
        ];
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    // In a directory that others may write too, what they put there is not for this user to apply.
    private static bool IsOwn(DirectoryFd directory, string name) =>
        Files.StatX(directory, name, AtFlags.AT_SYMLINK_NOFOLLOW) is { Ok: true } status
        && status.Value.UserId == Credentials.GetEffectiveUid();

    // What is none is not this program's.
    private static bool IsId(string text) =>
        text.Length == 2 * IdBytes
        && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
}
