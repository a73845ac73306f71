using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Finds out what a thread means by a path: from its working directory, descriptors and root, as they are now.</summary>
internal sealed class PathFinder
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly string task;
    private readonly string root;

    /// <summary>Looks for a thread.</summary>
    public PathFinder(int threadId)
    {
        task = $"/proc/{threadId}";
        root = LinkOf($"{task}/root") is { } link && link != "/" ? link : "";
    }

    /// <summary>Finds it; null where it cannot be found out, or is no UTF-8.</summary>
    /// <param name="directory">The directory's descriptor; null is the working directory.</param>
    /// <param name="bytes">The path; empty is the descriptor itself.</param>
    /// <param name="noFollow">A symbolic link at its end is meant itself.</param>
    public SeenPath? Find(int? directory, BytePath bytes, bool noFollow)
    {
        if (Text(bytes) is not { } text)
        {
            return null;
        }

        if (!bytes.IsAbsolute)
        {
            string? begin = LinkOf(directory is { } number ? $"{task}/fd/{number}" : $"{task}/cwd");
            if (begin is null || begin[0] != '/')
            {
                return null;
            }

            text = text.Length == 0 ? begin : $"{begin}/{text}";
        }
        else
        {
            text = root + Own(text);
        }

        // What /proc/PID/fd/N and the like lead to is no place in the tree for openat2, and need not be one at all.
        if (IsMagic(text) && !noFollow)
        {
            string? target = LinkOf(text);
            if (target is null || target[0] != '/' || target.EndsWith(" (deleted)", StringComparison.Ordinal))
            {
                return new SeenPath(Named(text), null, null) with { Status = StatusOf(text) };
            }

            text = target;
        }

        return Look(text, noFollow);
    }

    private SeenPath Look(string text, bool noFollow)
    {
        string inside = text.StartsWith(root + "/", StringComparison.Ordinal) ? text[root.Length..] : text;
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, $"{task}/root", OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return new SeenPath(Named(Normal(text)), null, null);
        }

        using DirectoryFd top = opened.Value;
        if (Open(top, inside, noFollow) is { } there)
        {
            return new SeenPath(Named(there.Path), there.Status, null);
        }

        string trimmed = inside.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        string parent = slash > 0 ? trimmed[..slash] : "/";
        return Open(top, parent, noFollow: false) is { } above
            ? new SeenPath(
                Named(above.Path == "/" ? $"/{trimmed[(slash + 1)..]}" : $"{above.Path}/{trimmed[(slash + 1)..]}"),
                null,
                above.Status
            )
            : new SeenPath(Named(Normal(text)), null, null);
    }

    private static (string Path, StatX Status)? Open(DirectoryFd top, string path, bool noFollow)
    {
        OpenFlags flags = OpenFlags.O_PATH | (noFollow ? OpenFlags.O_NOFOLLOW : OpenFlags.O_RDONLY);
        SysResult<FileFd> opened = Files.OpenAt2(new RootedPath(top, path), flags);
        if (!opened.Ok)
        {
            return null;
        }

        using FileFd file = opened.Value;
        SysResult<StatX> status = Files.StatX(file);
        return status.Ok && LinkOf($"/proc/thread-self/fd/{file.Number}") is { } link ? (link, status.Value) : null;
    }

    // The thread's own place in /proc, by its number.
    private string Own(string path)
    {
        foreach (string own in (string[])["/proc/self", "/proc/thread-self"])
        {
            if (
                path.StartsWith(own, StringComparison.Ordinal) && (path.Length == own.Length || path[own.Length] == '/')
            )
            {
                return task + path[own.Length..];
            }
        }

        return path switch
        {
            "/dev/stdin" => $"{task}/fd/0",
            "/dev/stdout" => $"{task}/fd/1",
            "/dev/stderr" => $"{task}/fd/2",
            _ => path.StartsWith("/dev/fd/", StringComparison.Ordinal) ? $"{task}/fd/{path[8..]}" : path,
        };
    }

    private bool IsMagic(string path) =>
        path.StartsWith(task + "/fd/", StringComparison.Ordinal)
        || path == task + "/exe"
        || path == task + "/cwd"
        || path == task + "/root";

    // Numbers are others in the next run.
    private string Named(string path)
    {
        string own = $"/proc/{Environment.ProcessId}";
        foreach (string numbered in (string[])[root + task, task, own])
        {
            if (
                path.StartsWith(numbered, StringComparison.Ordinal)
                && (path.Length == numbered.Length || path[numbered.Length] == '/')
            )
            {
                return "/proc/self" + path[numbered.Length..];
            }
        }

        return path;
    }

    private static StatX? StatusOf(string path) =>
        Files.StatX(null, path) is { Ok: true, Value: var status } ? status : null;

    private static string? LinkOf(string path) =>
        Files.ReadLinkAt(null, path) is { Ok: true, Value: { IsEmpty: false } target } ? Text(target) : null;

    private static string? Text(BytePath path)
    {
        try
        {
            return Strict.GetString(path.Bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Normal(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }
}
