using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Containers;

/// <summary>A file with a process's number, as callers of OCI runtimes wait for it: never there half written.</summary>
internal static class PidFile
{
    private const FileModes Mode = (FileModes)0x1a4; // rw-r--r--
    private const int Longest = 64;

    /// <summary>Writes it: under another name first, then renamed. No line feed, as runc has it.</summary>
    public static void Write(string path, int processId)
    {
        string other = OtherName(path);
        try
        {
            using (
                FileFd file = Files
                    .OpenAt(null, other, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, Mode)
                    .OrThrow("create the pid file", other)
            )
            {
                Files.WriteAll(file, Content(processId)).OrThrow("write the pid file", other);
            }

            Files.RenameAt(null, other, null, path).OrThrow("create the pid file", path);
        }
        catch (KernelException)
        {
            Files.UnlinkAt(null, other);
            throw;
        }
    }

    /// <summary>Removes it, and what there is of one that was not written to its end. One with another number stays.</summary>
    public static void Remove(string path, int processId)
    {
        foreach (string name in (ReadOnlySpan<string>)[OtherName(path), path])
        {
            SysResult<byte[]> read = Files.ReadAllAt(null, name, Longest);
            if (read.Ok && Content(processId).AsSpan().StartsWith(read.Value))
            {
                Files.UnlinkAt(null, name);
            }
        }
    }

    private static byte[] Content(int processId) =>
        Encoding.ASCII.GetBytes(processId.ToString(CultureInfo.InvariantCulture));

    private static string OtherName(string path)
    {
        int slash = path.LastIndexOf('/') + 1;
        return $"{path[..slash]}.{path[slash..]}";
    }
}
