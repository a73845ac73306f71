using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests;

/// <summary>
/// A cgroup that an ordinary user may use, as a session manager delegates one: in the hierarchy of a v1 controller and in
/// that of v2 where both are there, in the one hierarchy of v2 otherwise. Needs root.
/// </summary>
internal sealed class DelegatedCgroup : IDisposable
{
    private readonly List<string> _groups = [];

    /// <summary>Delegates a group with a controller to a user.</summary>
    public DelegatedCgroup(string controller, int user)
    {
        Require.Root();
        string name = string.Create(CultureInfo.InvariantCulture, $"tare-cli-{Environment.ProcessId}-{user}");
        string[] hierarchies = Directory.Exists($"/sys/fs/cgroup/{controller}")
            ? [$"/sys/fs/cgroup/{controller}", "/sys/fs/cgroup/unified"]
            : ["/sys/fs/cgroup"];
        foreach (string hierarchy in hierarchies.Where(Directory.Exists))
        {
            string group = $"{hierarchy}/{name}";
            _groups.Add(group);
            Tool.Run("mkdir", group).ShouldSucceed();
            if (hierarchies.Length == 1)
            {
                Tool.Run("sh", "-c", $"echo +{controller} >{hierarchy}/cgroup.subtree_control").ShouldSucceed();
                Tool.Run("sh", "-c", $"echo +{controller} >{group}/cgroup.subtree_control").ShouldSucceed();
            }

            Tool.Run("mkdir", $"{group}/own").ShouldSucceed();
            Tool.Run("chown", "-R", user.ToString(CultureInfo.InvariantCulture), group).ShouldSucceed();
        }
    }

    /// <summary>A command of a shell by which it enters the group.</summary>
    public string Enter => string.Concat(_groups.Select(group => $"echo $$ >{group}/own/cgroup.procs && "));

    /// <summary>What has been made below it and is there now.</summary>
    public string[] Below =>
        [
            .. _groups
                .SelectMany(group => Directory.EnumerateDirectories(group, "*", SearchOption.AllDirectories))
                .Where(path => !path.EndsWith("/own", StringComparison.Ordinal)),
        ];

    public void Dispose()
    {
        foreach (string group in _groups)
        {
            Tool.Run("rmdir", $"{group}/own", group);
        }
    }
}
