using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Inspecting;

/// <summary><c>tare inspect</c>: a process, drawn and told.</summary>
internal static class InspectVerb
{
    private const int NoProcess = 1;

    /// <summary>Inspects and tells.</summary>
    /// <returns>0, or 1 where there is no such process.</returns>
    /// <exception cref="KernelException">The file cannot be written.</exception>
    public static int Run(InspectOptions options)
    {
        Inspection? inspection = Inspection.Take(options.ProcessId);
        if (inspection is null)
        {
            Log.NoProcess(options.ProcessId);
            return NoProcess;
        }

        if (options.SvgFile is { } file)
        {
            Save(file, InspectionSvg.Format(inspection));
        }

        if (options.Json)
        {
            Output.Write(InspectionDocument.Format(inspection));
        }
        else if (options.SvgFile is null)
        {
            InspectionText.Write(inspection);
        }

        return 0;
    }

    private static void Save(string path, string text)
    {
        if (path == "-")
        {
            Output.Write(text);
            return;
        }

        OpenFlags flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC;
        using FileFd file = Files.OpenAt(null, path, flags, (FileModes)0x1b6).OrThrow("open", path);
        Files.WriteAll(file, Encoding.UTF8.GetBytes(text)).OrThrow("write", path);
    }
}
