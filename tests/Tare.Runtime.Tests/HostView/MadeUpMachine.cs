using Tare.Runtime.HostView;

namespace Tare.Runtime.Tests.HostView;

/// <summary>A machine that exists in a test only: its mounts, and what its paths are.</summary>
internal sealed class MadeUpMachine
{
    private readonly List<HostMount> _mounts = [new(1, 0, "/", "ext4", IsReadOnly: false, IsNoExec: false)];
    private readonly Dictionary<string, HostFile> _files = new(StringComparer.Ordinal)
    {
        ["/tmp"] = new HostFile(IsDirectory: true, IsReadable: true, 0, 0, 0x3FF),
    };

    /// <summary>Mounts a file system; on the root where no parent is given. Gives its number.</summary>
    public int Mount(string path, string type = "ext4", int parent = 1, bool readOnly = false, bool noExec = false)
    {
        _mounts.Add(new HostMount(_mounts.Count + 1, parent, path, type, readOnly, noExec));
        return _mounts.Count;
    }

    /// <summary>Says what a path is; others are root's directories.</summary>
    public void Put(string path, uint owner = 0, bool isDirectory = true, bool isReadable = true, uint mode = 0x1ED) =>
        _files[path] = new HostFile(isDirectory, isReadable, owner, owner, mode);

    /// <summary>Takes a path away.</summary>
    public void Remove(string path) => _files[path] = default;

    /// <summary>The view for root.</summary>
    public HostLayout ForRoot(string workingDirectory = "/root", params string[] fresh) =>
        Decide(
            new HostViewRequest
            {
                IsPrivileged = true,
                Uid = 0,
                WorkingDirectory = workingDirectory,
                Home = "/root",
                Fresh = fresh.Length > 0 ? fresh : ["/tmp"],
            }
        );

    /// <summary>The view for the user 1000.</summary>
    public HostLayout ForUser(string workingDirectory, string? home = "/home/u", params string[] fresh) =>
        Decide(
            new HostViewRequest
            {
                IsPrivileged = false,
                Uid = 1000,
                WorkingDirectory = workingDirectory,
                Home = home,
                Fresh = fresh.Length > 0 ? fresh : ["/tmp"],
            }
        );

    /// <summary>A view in words, a line for each part.</summary>
    public static string[] Words(HostLayout layout) =>
        [
            .. layout.Parts.Select(part =>
                $"{part.Path}: {part.Kind}"
                + (part.IsRecursive ? " recursive" : "")
                + (part.IsFile ? " file" : "")
                + (part.IsNoExec ? " noexec" : "")
                + (part.NeedsDirectory ? " made" : "")
                + (part.Reason is { } reason ? $" ({reason})" : "")
            ),
        ];

    private HostLayout Decide(HostViewRequest request) => HostLayout.Decide(request, _mounts, Look);

    private HostFile? Look(string path)
    {
        HostFile file = _files.GetValueOrDefault(path, new HostFile(IsDirectory: true, IsReadable: true, 0, 0, 0x1ED));
        return file == default ? null : file;
    }
}
