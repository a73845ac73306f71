using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView;

/// <summary>Looks at this machine's file tree: its mounts, and what paths are. Changes nothing.</summary>
public static class HostTree
{
    /// <summary>The mounts that this process sees.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static IReadOnlyList<HostMount> ReadMounts() =>
        [
            .. MountInfo
                .Read()
                .OrThrow("read", "/proc/thread-self/mountinfo", "mount /proc")
                .Select(entry => new HostMount(
                    entry.Id,
                    entry.ParentId,
                    entry.MountPoint.ToString(),
                    entry.Type,
                    entry.IsReadOnly,
                    entry.HasOption("noexec")
                )),
        ];

    /// <summary>What a path is; null where there is nothing, or nothing that this process may see.</summary>
    public static HostFile? Look(string path)
    {
        SysResult<StatX> status = Files.StatX(null, path, AtFlags.AT_NO_AUTOMOUNT);
        if (!status.Ok)
        {
            return null;
        }

        StatX file = status.Value;
        bool isDirectory = (file.Mode & FileModes.S_IFMT) == FileModes.S_IFDIR;
        AccessModes wanted = isDirectory ? AccessModes.R_OK | AccessModes.X_OK : AccessModes.R_OK;
        bool isReadable = Files.FAccessAt2(null, path, wanted).Ok;
        return new HostFile(isDirectory, isReadable, file.UserId, file.GroupId, (uint)file.RawMode & 0xFFF);
    }

    /// <summary>The path without symbolic links, as the kernel knows it.</summary>
    public static SysResult<string> Resolve(string path)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return new("", opened.Errno);
        }

        using FileFd file = opened.Value;
        SysResult<BytePath> link = Files.ReadLinkAt(null, $"/proc/self/fd/{file.Number}");
        return new(Encoding.UTF8.GetString(link.Value.Bytes), link.Errno);
    }

    /// <summary>The path as seen from <paramref name="directory"/>, absolute; nothing is resolved.</summary>
    public static string Absolute(string path, string directory) =>
        path.StartsWith('/') ? path : $"{directory.TrimEnd('/')}/{path}";
}
