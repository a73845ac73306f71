using System.Buffers.Text;
using System.Globalization;
using Tare.Linux;
using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>
/// The processes of a container that has no cgroup: those in its PID namespace, and where it has none of its own its first
/// process alone.
/// </summary>
internal static class NamespaceProcesses
{
    /// <summary>Their numbers, in this process's PID namespace.</summary>
    public static IReadOnlyCollection<int> Of(ContainerRecord record)
    {
        using PidFd? first = ContainerProcess.TryOpen(record);
        if (first is null)
        {
            return [];
        }

        BytePath? theirs = NamespaceOf(record.ProcessId);
        if (theirs is null || theirs == Link("/proc/self/ns/pid"))
        {
            return [record.ProcessId];
        }

        SortedSet<int> processes = [];
        using DirectoryFd proc = Files.OpenDirectoryAt(null, "/proc").OrThrow("open", "/proc");
        foreach (DirectoryEntry entry in DirectoryEntries.Read(proc).OrThrow("read", "/proc"))
        {
            // Processes that this user may not look at are other people's.
            if (
                Utf8Parser.TryParse(entry.Name.Bytes, out int process, out int length)
                && length == entry.Name.Bytes.Length
            )
            {
                if (NamespaceOf(process) == theirs)
                {
                    processes.Add(process);
                }
            }
        }

        return processes;
    }

    private static BytePath? NamespaceOf(int process) =>
        Link(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/pid"));

    private static BytePath? Link(string path) =>
        Files.ReadLinkAt(null, path) is { Ok: true } link ? link.Value : default(BytePath?);
}
