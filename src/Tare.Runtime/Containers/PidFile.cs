using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Containers;

/// <summary>A file with a process's number, as callers of OCI runtimes wait for it: never there half written.</summary>
internal static class PidFile
{
    private const FileModes Mode = (FileModes)0x1a4; // rw-r--r--

    /// <summary>Writes it: under another name first, then renamed. No line feed, as runc has it.</summary>
    public static void Write(string path, int processId)
    {
        int slash = path.LastIndexOf('/');
        string other = $"{path[..(slash + 1)]}.{path[(slash + 1)..]}";
        using (
            FileFd file = Files
                .OpenAt(null, other, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, Mode)
                .OrThrow("create the pid file", other)
        )
        {
            Files
                .WriteAll(file, Encoding.ASCII.GetBytes(processId.ToString(CultureInfo.InvariantCulture)))
                .OrThrow("write the pid file", other);
        }

        SysResult renamed = Files.RenameAt(null, other, null, path);
        if (!renamed.Ok)
        {
            Files.UnlinkAt(null, other);
            renamed.OrThrow("create the pid file", path);
        }
    }
}
