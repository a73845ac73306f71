using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Conformance.Running;

/// <summary>What a container left on the machine.</summary>
internal static class Leftovers
{
    private static readonly EnumerationOptions Forgiving = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>The mounts and cgroups that bear one of the names.</summary>
    public static string[] Of(params string[] names) =>
        [
            .. File.ReadLines("/proc/self/mountinfo").Where(line => Bears(line, names)).Select(line => $"mount {line}"),
            .. names.SelectMany(Cgroups).Select(path => $"cgroup {path}"),
        ];

    /// <summary>Kills what lives in the cgroups that bear a name, and removes those.</summary>
    public static void Remove(string name)
    {
        foreach (string cgroup in Cgroups(name).OrderByDescending(path => path.Length))
        {
            Kill(cgroup);
            Directory.Delete(cgroup);
        }
    }

    /// <summary>The cgroups whose own or whose parents' names hold a text, of every hierarchy.</summary>
    public static IEnumerable<string> Cgroups(string name) =>
        Directory
            .EnumerateDirectories("/sys/fs/cgroup", "*", Forgiving)
            .Where(path => path.Contains(name, StringComparison.Ordinal));

    private static void Kill(string cgroup)
    {
        string freezer = Path.Combine(cgroup, "freezer.state");
        if (File.Exists(freezer))
        {
            File.WriteAllText(freezer, "THAWED");
        }

        foreach (string process in File.ReadLines(Path.Combine(cgroup, "cgroup.procs")))
        {
            SysResult<PidFd> opened = PidFds.Open(int.Parse(process, CultureInfo.InvariantCulture));
            if (opened.Ok)
            {
                using PidFd descriptor = opened.Value;
                PidFds.SendSignal(descriptor, Signal.SIGKILL);
                Poll.Wait(descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(5));
            }
        }
    }

    private static bool Bears(string text, string[] names) =>
        names.Any(name => text.Contains(name, StringComparison.Ordinal));
}
