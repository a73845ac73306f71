using System.Globalization;
using System.Text;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>Limits that hold for a whole namespace or machine. sysctl(8), Documentation/admin-guide/sysctl.</summary>
public static class SystemLimits
{
    /// <summary>Process numbers in this PID namespace are below it. kernel.pid_max, by PID namespace since Linux 6.14.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static long PidMax => Read("kernel/pid_max");

    /// <summary>Threads of the whole machine. kernel.threads-max.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static long ThreadsMax => Read("kernel/threads-max");

    /// <summary>How high RLIMIT_NOFILE may be. fs.nr_open.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static long OpenFilesOfProcessMax => Read("fs/nr_open");

    /// <summary>Open files of the whole machine. fs.file-max.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static long OpenFilesMax => Read("fs/file-max");

    /// <summary>Mappings of one process. vm.max_map_count.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public static long MappingsMax => Read("vm/max_map_count");

    /// <summary>
    /// How many of each thing a user may have in this user namespace, by name: <c>pid_namespaces</c>, <c>inotify_watches</c> and
    /// so on. user.max_*, namespaces(7). Of further ones the kernel counts what the namespace above allows too.
    /// </summary>
    public static IReadOnlyDictionary<string, long> ReadUserCounts()
    {
        Dictionary<string, long> counts = [];
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, "/proc/sys/user");
        if (!opened.Ok)
        {
            return counts;
        }

        using DirectoryFd directory = opened.Value;
        foreach (DirectoryEntry entry in DirectoryEntries.Read(directory).Value ?? [])
        {
            string name = entry.Name.ToString();
            if (name.StartsWith("max_", StringComparison.Ordinal) && Value($"user/{name}") is { Ok: true } value)
            {
                counts[name[4..]] = value.Value;
            }
        }

        return counts;
    }

    private static long Read(string name) => Value(name).OrThrow("read", $"/proc/sys/{name}", "mount /proc");

    private static SysResult<long> Value(string name)
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, $"/proc/sys/{name}", 1 << 10);
        return
            text.Ok
            && ulong.TryParse(
                Encoding.ASCII.GetString(text.Value).Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ulong value
            )
            ? new((long)Math.Min(value, long.MaxValue), Linux.Abi.Errno.None)
            : new(0, text.Ok ? Linux.Abi.Errno.EINVAL : text.Errno);
    }
}
