using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// Writes the maps of a new user namespace from outside: itself, or by the helpers that may map what /etc/subuid and
/// /etc/subgid grant. user_namespaces(7), newuidmap(1).
/// </summary>
public static class UserMapFiles
{
    private static readonly string[] Folders = ["/usr/bin", "/bin", "/usr/local/bin", "/run/wrappers/bin"];

    /// <summary>The file's path.</summary>
    public static string PathOf(int processId, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}");

    /// <summary>The lines of a map.</summary>
    public static string TextOf(ReadOnlySpan<IdRange> map)
    {
        StringBuilder lines = new();
        foreach (IdRange range in map)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{range.Inside} {range.Outside} {range.Count}\n");
        }

        return lines.ToString();
    }

    /// <summary>
    /// Writes a file of a process: uid_map, gid_map or setgroups. EPERM: an id outside may not be mapped; EINVAL: the ranges
    /// overlap, or an id outside is not mapped here.
    /// </summary>
    public static SysResult Write(int processId, string file, string text) =>
        Files.WriteValueAt(null, PathOf(processId, file), Encoding.ASCII.GetBytes(text));

    /// <summary>The map is what a process may write itself: one id, its own.</summary>
    public static bool IsOwn(ReadOnlySpan<IdRange> map, uint own) => map is [{ Count: 1 } only] && only.Outside == own;

    /// <summary>Where newuidmap or newgidmap is; null where it is not installed.</summary>
    public static string? FindHelper(string helper) =>
        Array.Find(Array.ConvertAll(Folders, folder => $"{folder}/{helper}"), File.Exists);

    /// <summary>What a helper is called with, its own name first.</summary>
    public static IReadOnlyList<string> ArgumentsOf(string helper, int processId, ReadOnlySpan<IdRange> map)
    {
        List<string> arguments = [helper, Number((uint)processId)];
        foreach (IdRange range in map)
        {
            arguments.Add(Number(range.Inside));
            arguments.Add(Number(range.Outside));
            arguments.Add(Number(range.Count));
        }

        return arguments;
    }

    /// <summary>Has a helper write a map; false where it refuses.</summary>
    /// <param name="path">The helper's.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="quiet">What it says of it goes nowhere, instead of to this process's standard error.</param>
    /// <exception cref="LaunchException">It cannot be executed.</exception>
    public static bool Ask(string path, IReadOnlyList<string> arguments, bool quiet)
    {
        LaunchPlanBuilder plan = new();
        if (quiet)
        {
            Slot nowhere = plan.NewSlot("nowhere");
            plan.CallInto(
                nowhere,
                "open '/dev/null'",
                Syscall.openat,
                Argument.WorkingDirectory,
                "/dev/null",
                Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
            );
            plan.Call("say nothing", Syscall.dup3, nowhere, 2, 0);
        }

        plan.Call(
            $"execute '{path}'",
            Syscall.execve,
            path,
            Argument.Texts(arguments),
            Argument.Texts(["PATH=/usr/bin:/bin"])
        );
        using LaunchedProcess process = Launcher.Launch(plan.Build());
        return PidFds.Wait(process.Process) is { Ok: true, Value.Status.Success: true };
    }

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
