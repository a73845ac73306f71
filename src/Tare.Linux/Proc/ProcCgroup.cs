using System.Buffers.Text;
using System.Text;

namespace Tare.Linux;

/// <summary>Where a process is in one cgroup hierarchy. cgroups(7).</summary>
/// <param name="HierarchyId">The hierarchy's number; 0 is v2.</param>
/// <param name="Controllers">A v1 hierarchy's controllers, or <c>name=…</c>; empty for v2.</param>
/// <param name="Path">The group, seen from the root of the reader's cgroup namespace; <c>/..</c> leads out of it.</param>
public sealed record CgroupMembership(int HierarchyId, IReadOnlyList<string> Controllers, string Path)
{
    /// <summary>This is the v2 hierarchy.</summary>
    public bool IsUnified => HierarchyId == 0;
}

/// <summary>What /proc/PID/cgroup tells.</summary>
public static class ProcCgroup
{
    /// <summary>Reads it. ENOENT or ESRCH: there is no such process.</summary>
    public static SysResult<IReadOnlyList<CgroupMembership>> Read(int processId) => Read($"/proc/{processId}/cgroup");

    /// <summary>Reads that of a process or thread.</summary>
    public static SysResult<IReadOnlyList<CgroupMembership>> Read(DirectoryFd task)
    {
        SysResult<byte[]> text = Files.ReadAllAt(task, "cgroup");
        return new(text.Ok ? Parse(text.Value) : [], text.Errno);
    }

    /// <summary>Reads that of the calling process.</summary>
    public static SysResult<IReadOnlyList<CgroupMembership>> ReadOwn() => Read("/proc/self/cgroup");

    /// <summary>Takes the text apart: a line per hierarchy, its number, its controllers and the path with colons in between.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static IReadOnlyList<CgroupMembership> Parse(ReadOnlySpan<byte> text)
    {
        List<CgroupMembership> memberships = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (line.IsEmpty)
            {
                continue;
            }

            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0 || !Utf8Parser.TryParse(line[..first], out int id, out int used) || used != first)
            {
                throw new FormatException($"'{Encoding.UTF8.GetString(line)}' is no line of a cgroup file");
            }

            string controllers = Encoding.UTF8.GetString(line.Slice(first + 1, second));
            string path = Encoding.UTF8.GetString(line[(first + second + 2)..]);
            memberships.Add(new(id, controllers.Length == 0 ? [] : controllers.Split(','), path));
        }

        return memberships;
    }

    private static SysResult<IReadOnlyList<CgroupMembership>> Read(BytePath path)
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, path);
        return new(text.Ok ? Parse(text.Value) : [], text.Errno);
    }
}
