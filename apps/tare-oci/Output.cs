using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli;

/// <summary>Everything that the program writes, straight to the descriptors: no encoder, no buffer that must be flushed.</summary>
internal static class Output
{
    private const FileModes LogMode = (FileModes)0x1a4; // rw-r--r--

    // Never disposed: the descriptors are not this program's to close.
    private static readonly FileFd StandardError = new(2);

    /// <summary>Standard input.</summary>
    public static FileFd Input { get; } = new(0);

    /// <summary>Standard output.</summary>
    public static FileFd Standard { get; } = new(1);

    /// <summary>Writes to standard output.</summary>
    public static void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes to standard output.</summary>
    public static void Write(ReadOnlySpan<byte> bytes) =>
        Files.WriteAll(Standard, bytes).OrThrow("write to", "standard output");

    /// <summary>Writes to standard error; nobody can be told if that fails.</summary>
    public static void WriteError(string text) => Files.WriteAll(StandardError, Encoding.UTF8.GetBytes(text));

    /// <summary>Appends to a file, which is made if it is not there; nobody can be told if that fails.</summary>
    public static void Append(string file, string text)
    {
        const OpenFlags Flags = OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_CREAT;
        SysResult<FileFd> opened = Files.OpenAt(null, file, Flags, LogMode);
        if (!opened.Ok)
        {
            WriteError($"tare-oci: open the log '{file}': {opened.Errno}\n");
            return;
        }

        using FileFd log = opened.Value;
        Files.WriteAll(log, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Ends the program at once; the runtime's own shutdown has nothing to do.</summary>
    public static void EndProcess(int status) => Processes.Exit(status);
}
