using Tare.Conformance.Running;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class CgroupPlaces
{
    public static Group Group { get; } =
        new(
            "Cgroups",
            "config-linux.md: control groups, cgroupsPath",
            [
                new(
                    "O-120",
                    "an absolute path is where the container is, from the hierarchy's root",
                    site =>
                    {
                        string name = site.NewId();
                        Container container = site.Started(edit: config =>
                            config.PutText("linux.cgroupsPath", $"/{name}/inner")
                        );
                        Assert.Equal($"/{name}/inner", Of(container, "pids"));
                    }
                ),
                new(
                    "O-121",
                    "a relative path is below a place that the runtime chooses",
                    site =>
                    {
                        string name = site.NewId();
                        Container container = site.Started(edit: config => config.PutText("linux.cgroupsPath", name));
                        Assert.EndsWith($"/{name}", Of(container, "pids"));
                    }
                ),
                new(
                    "O-123",
                    "without a path the container is in a cgroup of its own",
                    site =>
                    {
                        (Container first, Container second) = (site.Started(), site.Started());
                        Assert.NotEqual(Of(first, "pids"), Of(second, "pids"));
                        Assert.Contains(first.Id, Of(first, "pids"));
                    }
                ),
                new(
                    "O-127",
                    "delete removes the cgroup that was asked for",
                    site =>
                    {
                        string name = site.NewId();
                        Container container = site.Started(edit: config =>
                            config.PutText("linux.cgroupsPath", $"/{name}")
                        );
                        container.DoWith("delete", "--force").ShouldSucceed();
                        Assert.Empty(Leftovers.Cgroups(name));
                    }
                ),
                new(
                    "O-096",
                    "in a cgroup namespace of its own the container's cgroup is the root",
                    site =>
                        Assert.All(
                            site.Lines("cut -d: -f3 /proc/self/cgroup", config => config.Namespace("cgroup")),
                            path => Assert.True(path == "/" || !path.Contains("conformance"), path)
                        )
                ),
                new(
                    "C-40",
                    "an added program is in the container's cgroup",
                    site =>
                    {
                        Container container = site.Started();
                        Assert.Contains(container.Id, container.Exec("cat /proc/self/cgroup").ShouldSucceed().Output);
                    }
                ),
            ]
        );

    /// <summary>The folder below /sys/fs/cgroup in which a controller's hierarchy is; empty where there is one for all.</summary>
    internal static string Folder(string controller) =>
        File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "" : controller;

    /// <summary>A container's cgroup in the hierarchy of a controller.</summary>
    internal static string Of(Container container, string controller)
    {
        string[] lines = container.Proc("cgroup").TrimEnd('\n').Split('\n');
        string line =
            Array.Find(lines, l => l.Split(':')[1].Split(',').Contains(controller))
            ?? lines.Single(l => l.StartsWith("0::"));
        return line.Split(':', 3)[2];
    }

    /// <summary>The file's name on this machine, whose cgroups must have it.</summary>
    internal static string Require(string version1, string version2) =>
        (IsVersion2 ? version2 : version1) is { Length: > 0 } file
            ? file
            : throw new SkippedException("the machine's cgroups have no such limit");

    /// <summary>
    /// What is read is what is expected of this machine's version; several values are divided by <c>|</c>: runtimes turn shares
    /// into weights by an older or a newer rule.
    /// </summary>
    internal static void Expect(string version1, string version2, string found)
    {
        string expected = IsVersion2 ? version2 : version1;
        Assert.True(expected.Split('|').Contains(found), $"{found}, not {expected}");
    }

    private static bool IsVersion2 => Folder("pids").Length == 0;

    /// <summary>What a file of a container's cgroup holds, by its name of version 1 and of version 2.</summary>
    internal static string Read(Container container, string controller, string version1, string version2)
    {
        string path = $"/sys/fs/cgroup/{Folder(controller)}{Of(container, controller)}/{Require(version1, version2)}";
        return File.ReadAllText(path).Trim();
    }
}
