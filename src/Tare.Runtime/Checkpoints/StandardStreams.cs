using System.Globalization;
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// The standard streams of a container that lead out of it: pipes, files of the host. They are written down beside the
/// images (<c>descriptors.json</c>, as runc has it), and a restore puts its own in their places.
/// </summary>
internal static class StandardStreams
{
    private const string FileName = "descriptors.json";
    private const int LongestDocument = 1 << 16;
    private const int Count = 3;
    private const FileModes Mode = (FileModes)0x180; // rw-------
    private const string Pipe = "pipe:[";
    private const string OutsideFile = "file[";

    /// <summary>What each of a process's standard streams is called; empty where it does not lead out.</summary>
    /// <param name="processId">The container's first process.</param>
    /// <param name="processes">All its processes.</param>
    public static string[] Of(int processId, IReadOnlyCollection<int> processes)
    {
        HashSet<int> mounts =
        [
            .. MountInfo
                .Read(processId)
                .OrThrow("read", $"/proc/{processId}/mountinfo", "the container has ended")
                .Select(mount => mount.Id),
        ];
        string[] names = new string[Count];
        for (int number = 0; number < Count; number++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd/{number}");
            string name = Files.ReadLinkAt(null, path) is { Ok: true } link ? link.Value.ToString() : "";
            names[number] =
                name.StartsWith(Pipe, StringComparison.Ordinal) ? (IsInside(name, processes) ? "" : name)
                : name.StartsWith('/') ? OutsideName(processId, number, path, mounts) ?? name
                : name;
        }

        return names;
    }

    /// <summary>Those of the names that are files of the host, which CRIU is told of.</summary>
    public static IReadOnlyList<string> OutsideFiles(IEnumerable<string> names) =>
        [.. names.Where(name => name.StartsWith(OutsideFile, StringComparison.Ordinal)).Distinct()];

    /// <summary>Writes the names beside the images.</summary>
    public static void Write(DirectoryFd images, IReadOnlyList<string> names)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartArray();
            foreach (string name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        using FileFd file = Files
            .OpenAt(images, FileName, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, Mode)
            .OrThrow("create", FileName);
        Files.WriteAll(file, text.ToArray()).OrThrow("write", FileName);
    }

    /// <summary>What this process's standard streams stand for, by the names beside the images.</summary>
    /// <exception cref="ContainerException">There are no such names: this is no container's image.</exception>
    public static List<(string Key, int Descriptor)> Read(string path)
    {
        SysResult<byte[]> read = Files.ReadAllAt(null, $"{path}/{FileName}", LongestDocument);
        if (!read.Ok)
        {
            throw new ContainerException(
                $"open '{path}/{FileName}': {read.Errno} (name the directory of a checkpoint by --image-path)"
            );
        }

        List<(string, int)> inherited = [];
        HashSet<string> seen = [];
        List<string> names = Parse(read.Value, path);
        for (int number = 0; number < Math.Min(names.Count, Count); number++)
        {
            string name = names[number];
            bool leadsOut =
                name.StartsWith(Pipe, StringComparison.Ordinal)
                || name.StartsWith(OutsideFile, StringComparison.Ordinal);
            if (leadsOut && seen.Add(name))
            {
                inherited.Add((name, number));
            }
        }

        return inherited;
    }

    private static List<string> Parse(byte[] text, string path)
    {
        try
        {
            List<string> names = [];
            Utf8JsonReader json = new(text);
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.String)
                {
                    names.Add(json.GetString()!);
                }
            }

            return names;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ContainerException($"'{path}/{FileName}' is no JSON (make the checkpoint again)", e);
        }
    }

    // A pipe whose other end the container has too leads nowhere else.
    private static bool IsInside(string name, IReadOnlyCollection<int> processes)
    {
        bool read = false;
        bool written = false;
        foreach (int process in processes)
        {
            SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, $"/proc/{process}/fd");
            if (!opened.Ok)
            {
                continue;
            }

            using DirectoryFd directory = opened.Value;
            foreach (DirectoryEntry entry in DirectoryEntries.Read(directory).Value ?? [])
            {
                if (Files.ReadLinkAt(directory, entry.Name) is { Ok: true } link && link.Value == name)
                {
                    long flags = Fact(process, entry.Name.ToString(), "flags:", 8);
                    read |= (flags & 3) is 0 or 2;
                    written |= (flags & 3) is 1 or 2;
                }
            }
        }

        return read && written;
    }

    // As CRIU names a file that lies in no mount of the container: the mount's number and the file's, in hexadecimal.
    private static string? OutsideName(int processId, int number, string path, HashSet<int> mounts)
    {
        string file = number.ToString(CultureInfo.InvariantCulture);
        long mount = Fact(processId, file, "mnt_id:", 10);
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_PATH);
        if (mount < 0 || mounts.Contains((int)mount) || !opened.Ok)
        {
            return null;
        }

        using FileFd there = opened.Value;
        StatX status = Files.StatX(there).OrThrow("stat", path);
        FileModes type = status.Mode & FileModes.S_IFMT;
        bool isPlain = type == FileModes.S_IFREG || (type == FileModes.S_IFCHR && status.SpecialMajor == 1);
        return isPlain ? string.Create(CultureInfo.InvariantCulture, $"file[{mount:x}:{status.Inode:x}]") : null;
    }

    // A line of /proc/PID/fdinfo/N; -1 where it is missing. proc_pid_fdinfo(5).
    private static long Fact(int process, string number, string fact, int radix)
    {
        SysResult<byte[]> read = Files.ReadAllAt(null, $"/proc/{process}/fdinfo/{number}", LongestDocument);
        foreach (string line in Encoding.ASCII.GetString(read.Value ?? []).Split('\n'))
        {
            if (line.StartsWith(fact, StringComparison.Ordinal))
            {
                return Convert.ToInt64(line[fact.Length..].Trim(), radix);
            }
        }

        return -1;
    }
}
