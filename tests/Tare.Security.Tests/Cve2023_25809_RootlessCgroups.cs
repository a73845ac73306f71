using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// A container of an ordinary user sees the host's cgroups, and can change those that belong to the user: other containers
/// and services of that user's.
/// </summary>
public sealed class Cve2023_25809_RootlessCgroups
{
    private const int User = 1000;

    [Fact]
    public void The_users_cgroups_cannot_be_changed_from_inside()
    {
        using Victim victim = new();
        string group = Delegate();
        try
        {
            using TemporaryDirectory home = new();
            Tool.Run("chown", $"{User}:{User}", home.Path).ShouldSucceed();
            ToolOptions asUser = new()
            {
                User = User,
                WorkingDirectory = home.Path,
                Environment = new Dictionary<string, string?> { ["HOME"] = home.Path, ["XDG_RUNTIME_DIR"] = home.Path },
            };
            Tool.Run(victim.Runtime, ["spec", "--rootless"], asUser).ShouldSucceed();
            BusyboxRootfs.Create(home.At("rootfs"));
            string inside = "/sys/fs/cgroup" + group["/sys/fs/cgroup".Length..];
            string script =
                $"mkdir {inside}/made && echo made; echo $$ >{inside}/cgroup.procs && echo moved; "
                + $"cd {inside} 2>/dev/null && echo seen; exit 0";
            string config = File.ReadAllText(home.At("config.json"))
                .Replace("\"terminal\": true", "\"terminal\": false", StringComparison.Ordinal);
            System.Text.Json.Nodes.JsonObject json = System.Text.Json.Nodes.JsonNode.Parse(config)!.AsObject();
            json["process"]!["terminal"] = false;
            File.WriteAllText(home.At("config.json"), json.Args("sh", "-c", script).ToJsonString());

            ToolResult result = Tool.Run(
                victim.Runtime,
                ["--root", home.At("state"), "run", $"tare-test-{Guid.NewGuid():N}"],
                asUser
            );

            Assert.Empty(result.ShouldSucceed().Output);
            Assert.False(Directory.Exists(Path.Combine(group, "made")));

            // The same user can do so outside, so it is the container that is in the way.
            Tool.Run("mkdir", [Path.Combine(group, "made")], asUser).ShouldSucceed();
            Tool.Run("rmdir", [Path.Combine(group, "made")], asUser).ShouldSucceed();
        }
        finally
        {
            Directory.Delete(group);
        }
    }

    // A cgroup that belongs to an ordinary user, as a session of that user's does.
    private static string Delegate()
    {
        string root = Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
        string group = Directory.CreateDirectory(Path.Combine(root, $"tare-test-{Guid.NewGuid():N}")).FullName;
        Tool.Run("chown", "-R", $"{User}:{User}", group).ShouldSucceed();
        return group;
    }
}
