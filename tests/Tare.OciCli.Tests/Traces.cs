using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary>What a container leaves on the machine: mounts, cgroups, processes and state that bear its name or its bundle's.</summary>
internal static class Traces
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A line each.</summary>
    /// <param name="root">The state directory.</param>
    /// <param name="names">The container's id, paths of its own.</param>
    public static string[] Of(string root, params string[] names) =>
        [.. Mounts(names), .. Cgroups(names), .. Processes(names), .. State(root)];

    /// <summary>Fails the test where there are any.</summary>
    public static void ShouldBeNone(string root, params string[] names)
    {
        WaitForProcesses(names);
        string[] traces = Of(root, names);
        Assert.True(traces.Length == 0, "left behind:\n" + string.Join('\n', traces));
    }

    /// <summary>
    /// Waits until nobody holds the mark of a container: the kernel takes it from a killed runtime later than its life, for
    /// a process that ends closes its files last. From then on the next start knows that the runtime is gone.
    /// </summary>
    public static void WaitForMark(string root, string id)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, Path.Combine(root, "@in-progress", id), OpenFlags.O_RDONLY);
        if (opened.Ok)
        {
            using FileFd mark = opened.Value;
            Files.FLock(mark, LockOperation.LOCK_SH).OrThrow("flock");

            // Closing alone does not end it: a program that another test starts just now has a copy until its execve.
            Files.FLock(mark, LockOperation.LOCK_UN).OrThrow("flock");
        }
    }

    /// <summary>
    /// Waits until the processes of a killed runtime are gone: its child ends by itself as soon as it notices.
    /// </summary>
    public static void WaitForProcesses(params string[] names)
    {
        foreach (string trace in Processes(names))
        {
            int process = int.Parse(trace["process /proc/".Length..trace.IndexOf(':', StringComparison.Ordinal)]);
            SysResult<PidFd> opened = PidFds.Open(process);
            if (opened.Ok)
            {
                using PidFd descriptor = opened.Value;
                Poll.Wait(descriptor, PollEvents.POLLIN, Longest);
            }
        }
    }

    private static IEnumerable<string> Mounts(string[] names) =>
        File.ReadLines("/proc/self/mountinfo").Where(line => Names(line, names)).Select(line => $"mount {line}");

    /// <summary>The cgroups that bear a name.</summary>
    public static IEnumerable<string> Cgroups(string[] names) =>
        Directory
            .EnumerateDirectories("/sys/fs/cgroup", "*", ForgivingEnumeration)
            .Where(path => Names(path, names))
            .Select(path => $"cgroup {path}");

    private static IEnumerable<string> State(string root) =>
        Directory.Exists(root)
            ? Directory
                .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
                .Where(path =>
                    Path.GetFileName(path) != "@in-progress" && !path.Contains("@filters", StringComparison.Ordinal)
                )
                .Select(path => $"state {path}")
            : [];

    private static IEnumerable<string> Processes(string[] names)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            string about = Read($"{process}/cmdline").Replace('\0', ' ') + Read($"{process}/cgroup");
            if (Names(about, names) && !Read($"{process}/stat").Contains(") Z ", StringComparison.Ordinal))
            {
                yield return $"process {process}: {about}";
            }
        }
    }

    private static bool Names(string text, string[] names) =>
        names.Any(name => text.Contains(name, StringComparison.Ordinal));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return "";
        }
    }

    private static readonly EnumerationOptions ForgivingEnumeration = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };
}
