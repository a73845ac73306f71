using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Containers;

namespace Tare.Runtime.Diagnosis;

/// <summary>What is wrong with a file as a program. execve(2).</summary>
internal static class ProgramFile
{
    /// <summary>What the kernel reads of a script's first line at most, in bytes. linux/binfmts.h.</summary>
    private const int FirstLine = 256;

    private const int BeginSize = 4096;
    private const FileModes Executable = (FileModes)0x49; // --x--x--x

    /// <summary>What is wrong, and what to do; null where nothing is seen.</summary>
    public static string? Problem(RootDirectory root, string path, Errno errno)
    {
        SysResult<StatX> status = root.Status(path);
        if (!status.Ok)
        {
            return null;
        }

        FileModes type = status.Value.Mode & FileModes.S_IFMT;
        if (type != FileModes.S_IFREG)
        {
            return type == FileModes.S_IFDIR
                ? $"'{path}' is a directory (name a program)"
                : $"'{path}' is not a regular file";
        }

        if ((status.Value.Mode & Executable) == 0)
        {
            return $"'{path}' is not executable: chmod +x it";
        }

        byte[] begin = new byte[BeginSize];
        SysResult<int> read = root.ReadBegin(path, begin);
        if (!read.Ok)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = begin.AsSpan(0, read.Value);
        return bytes.StartsWith("#!"u8) ? ScriptProblem(root, path, bytes)
            : bytes.StartsWith("\u007fELF"u8) ? ElfProgram.Problem(root, path, bytes)
            : errno != Errno.ENOEXEC ? null
            : bytes.IsEmpty ? $"'{path}' is empty"
            : $"'{path}' is neither an ELF executable nor a script that begins with '#!'";
    }

    private static string? ScriptProblem(RootDirectory root, string path, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> line = bytes[2..Math.Min(bytes.Length, FirstLine)];
        int end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line : line[..end]).TrimStart(" \t"u8);
        bool isDos = line.EndsWith("\r"u8);
        ReadOnlySpan<byte> name = line.TrimEnd("\r"u8);
        int blank = name.IndexOfAny((byte)' ', (byte)'\t');
        string interpreter = Encoding.UTF8.GetString(blank < 0 ? name : name[..blank]);
        if (interpreter.Length == 0)
        {
            return $"the first line of '{path}' names no interpreter after '#!'";
        }

        // With an argument behind it the carriage return belongs to that, and the interpreter is found.
        if (isDos && blank < 0)
        {
            return $"the first line of '{path}' ends with CR LF, so that the kernel looks for '{interpreter}\\r': "
                + "save it with Unix line ends";
        }

        SysResult<StatX> found = root.Status(interpreter);
        return found.Ok
            ? (found.Value.Mode & Executable) == 0
                ? $"the interpreter '{interpreter}' of '{path}' is not executable"
                : null
            : $"the interpreter '{interpreter}' that the first line of '{path}' names is missing";
    }
}
