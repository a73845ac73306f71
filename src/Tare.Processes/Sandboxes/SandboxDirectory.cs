using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// The home of a sandbox without a mount namespace, and its place for temporary files. Owned; disposing removes it. Those of
/// programs that were killed are removed by the next one that makes one.
/// </summary>
internal sealed class SandboxDirectory : IDisposable
{
    private static readonly Lazy<bool> Swept = new(SweepOnce);

    private SandboxDirectory(string path) => FullName = path;

    /// <summary>Its path.</summary>
    public string FullName { get; }

    /// <summary>Makes one, which only this user may enter.</summary>
    /// <exception cref="IOException">There is no place for temporary files.</exception>
    public static SandboxDirectory Make()
    {
        _ = Swept.Value;
        return new SandboxDirectory(Directory.CreateTempSubdirectory(MakerName.Prefix).FullName);
    }

    /// <inheritdoc />
    public void Dispose() => Remove(Path.GetDirectoryName(FullName)!, Path.GetFileName(FullName));

    internal static bool SweepOnce()
    {
        string folder = Path.GetTempPath();
        foreach (string path in Directory.EnumerateDirectories(folder, "tare-*"))
        {
            string name = Path.GetFileName(path);
            if (MakerName.IsLeft(name))
            {
                Remove(folder, name);
            }
        }

        return true;
    }

    // Whatever lies there is a stranger's doing: no link is followed, and nothing mounted is entered.
    private static void Remove(string folder, string name)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, folder);
        if (opened.Ok)
        {
            using DirectoryFd parent = opened.Value;
            TreeRemoval.Remove(parent, name);
        }
    }
}
