using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Checkpoints.Protocol;

namespace Tare.Runtime.Checkpoints;

/// <summary>What went wrong, by CRIU's own log.</summary>
internal static class CriuLog
{
    private const int LongestPart = 1 << 20;

    /// <summary>How far behind an error one that follows from it may stand, in lines: of those that say more, and of summaries.</summary>
    private const int Distance = 3;
    private const int LongDistance = 40;

    private const string Mark = "Error (";

    // What is said at every start of one that may not raise its limits, and changes nothing.
    private const string Harmless = "rlimit: Can't setup RLIMIT_NOFILE";

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
    /// <param name="response">What CRIU has said: the reason where the log names none, or CRIU came to no end.</param>
    public static ContainerException Failure(string words, string path, CriuResponse response)
    {
        string? error = response.IsMissing ? null : LastError(path);
        return new ContainerException($"{words}: {error ?? response.Reason} (see {path})");
    }

    /// <summary>The error that the last ones follow from; null where the log has none.</summary>
    internal static string? LastError(string path)
    {
        string[] lines = ReadEnd(path).Split('\n');
        int cause = -1;
        int last = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].EndsWith("FAILED.", StringComparison.Ordinal))
            {
                // What comes then follows from giving up.
                break;
            }

            if (
                !lines[i].Contains(Mark, StringComparison.Ordinal)
                || lines[i].Contains(Harmless, StringComparison.Ordinal)
            )
            {
                continue;
            }

            // Each function on the way back says something, and what the last of them say is only that all has failed.
            bool follows = last >= 0 && i - last <= (IsSummary(lines[i]) ? LongDistance : Distance);
            cause = follows && !IsSummary(lines[cause]) ? cause : i;
            last = i;
        }

        return cause < 0 ? null : Words(lines[cause]);
    }

    private static bool IsSummary(string line)
    {
        ReadOnlySpan<char> place = line.AsSpan(line.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length);
        foreach (string file in Summaries)
        {
            if (place.StartsWith(file))
            {
                return true;
            }
        }

        return false;
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
