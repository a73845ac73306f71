using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Checkpoints;

/// <summary>What went wrong, by CRIU's own log.</summary>
internal static class CriuLog
{
    private const int LongestPart = 1 << 20;

    /// <summary>How far before the last error the one that brought it about may stand, in lines.</summary>
    private const int Distance = 40;

    private const string Mark = "Error (";

    // What these files say is that the whole has failed, because of what others have said.
    private static readonly string[] Summaries =
    [
        "criu/cr-dump.c",
        "criu/cr-restore.c",
        "criu/cr-service.c",
        "criu/action-scripts.c",
    ];

    /// <summary>The sentence about a failure: what failed, by which error, and where to read more.</summary>
    /// <param name="words">What failed.</param>
    /// <param name="path">The log's path.</param>
    /// <param name="otherwise">The reason where the log names none.</param>
    public static ContainerException Failure(string words, string path, string otherwise) =>
        new($"{words}: {LastError(path) ?? otherwise} (see {path})");

    /// <summary>The error that the others follow from; null where the log has none.</summary>
    internal static string? LastError(string path)
    {
        string[] lines = ReadEnd(path).Split('\n');
        int last = -1;
        int cause = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            int at = lines[i].IndexOf(Mark, StringComparison.Ordinal);
            if (at < 0 || lines[i].EndsWith("FAILED.", StringComparison.Ordinal))
            {
                continue;
            }

            last = i;
            if (!Array.Exists(Summaries, file => lines[i].AsSpan(at + Mark.Length).StartsWith(file)))
            {
                cause = i;
            }
        }

        return last < 0 ? null : Words(lines[cause >= 0 && last - cause <= Distance ? cause : last]);
    }

    // "(00.144453) Error (criu/files-reg.c:1790): Can't lookup mount=24 …": the time says nothing here.
    private static string Words(string line) => line[line.IndexOf(Mark, StringComparison.Ordinal)..].Trim();

    private static string ReadEnd(string path)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return "";
        }

        using FileFd file = opened.Value;
        long size = Files.StatX(file) is { Ok: true } status ? (long)status.Value.Size : 0;
        byte[] bytes = new byte[Math.Min(size, LongestPart)];
        SysResult<int> read = Files.ReadAt(file, bytes, size - bytes.Length);
        return Encoding.UTF8.GetString(bytes, 0, read.Ok ? read.Value : 0);
    }
}
