using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The maps of a new user namespace, written from outside. user_namespaces(7).</summary>
internal static class UserMaps
{
    /// <summary>Writes both maps of a process that waits for them.</summary>
    /// <exception cref="ProcessStartException">The kernel refuses a map.</exception>
    public static void Write(int processId, ProcessNamespaces namespaces)
    {
        Write(processId, "gid_map", namespaces.Groups);
        Write(processId, "uid_map", namespaces.Users);
    }

    private static void Write(int processId, string file, ImmutableArray<IdRange> map)
    {
        StringBuilder lines = new();
        foreach (IdRange range in map)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{range.Inside} {range.Outside} {range.Count}\n");
        }

        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}");
        Errno errno = Files.WriteValueAt(null, path, Encoding.ASCII.GetBytes(lines.ToString())).Errno;
        if (errno != Errno.None)
        {
            throw new ProcessStartException(
                nameof(ProcessStartOptions.Namespaces),
                errno,
                null,
                $"write the user namespace's {file}: {errno}"
                    + (
                        errno == Errno.EPERM
                            ? " (CAP_SETUID and CAP_SETGID are needed for more than the own ids)"
                            : " (the ranges overlap, or an id outside is not mapped here)"
                    ),
                null
            );
        }
    }
}
