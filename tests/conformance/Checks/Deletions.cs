using Tare.Conformance.Running;
using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Checks;

internal static class Deletions
{
    public static Group Group { get; } =
        new(
            "Delete",
            "runtime.md: delete; callers of runc",
            [
                new(
                    "L-07",
                    "delete of a running container is refused, and it runs on",
                    site =>
                    {
                        Container container = site.Started();
                        Assert.NotEqual(0, container.Do("delete").ExitCode);
                        Assert.Equal("running", container.Status);
                    }
                ),
                new(
                    "L-07 O-127",
                    "delete of a stopped container removes it with its cgroups",
                    site =>
                    {
                        Container container = site.Started().Stop();
                        container.Do("delete").ShouldSucceed();
                        Assert.NotEqual(0, container.Do("state").ExitCode);
                        Assert.Empty(Leftovers.Of(container.Id, container.Bundle));
                    }
                ),
                new(
                    "L-07",
                    "delete of a created container removes it and its process",
                    site =>
                    {
                        Container container = site.Create();
                        container.WaitForEndAfter(() => container.Do("delete").ShouldSucceed());
                        Assert.NotEqual(0, container.Do("state").ExitCode);
                        Assert.Empty(Leftovers.Of(container.Id));
                    }
                ),
                new(
                    "L-07",
                    "delete of what was deleted is an error",
                    site =>
                    {
                        Container container = site.Started().Stop();
                        container.Do("delete").ShouldSucceed();
                        Assert.NotEqual(0, container.Do("delete").ExitCode);
                    }
                ),
                new(
                    "L-07 P-04",
                    "delete of an unknown container is an error that says 'does not exist'",
                    site =>
                    {
                        ToolResult delete = site.Do("delete", site.NewId());
                        Assert.NotEqual(0, delete.ExitCode);
                        Assert.Contains("does not exist", delete.Errors);
                    }
                ),
                new("L-07", "delete without an id is an error", site => Assert.NotEqual(0, site.Do("delete").ExitCode)),
                new(
                    "C-29",
                    "delete --force of an unknown container is none",
                    site => site.Do("delete", "--force", site.NewId()).ShouldSucceed()
                ),
                new(
                    "C-29",
                    "delete --force ends a running container and removes it",
                    site =>
                    {
                        Container container = site.Started();
                        container.WaitForEndAfter(() => container.DoWith("delete", "--force").ShouldSucceed());
                        Assert.NotEqual(0, container.Do("state").ExitCode);
                        Assert.Empty(Leftovers.Of(container.Id));
                    }
                ),
                new(
                    "L-08",
                    "delete removes nothing that create did not make",
                    site =>
                    {
                        Container container = site.Started(edit: config => site.Share(config));
                        File.WriteAllText(Path.Combine(container.Bundle, "kept"), "");
                        File.WriteAllText(Path.Combine(site.Exchange, "kept"), "");
                        container.Stop().Do("delete").ShouldSucceed();
                        Assert.True(File.Exists(Path.Combine(container.Bundle, "kept")));
                        Assert.True(File.Exists(Path.Combine(container.Bundle, "config.json")));
                        Assert.True(File.Exists(Path.Combine(site.Exchange, "kept")));
                        Assert.True(File.Exists(Path.Combine(SharedRootfs.Path, "bin", "busybox")));
                    }
                ),
                new("L-08", "delete leaves cgroups beside the container's own", CgroupBeside),
            ]
        );

    private static void CgroupBeside(Site site)
    {
        string above = site.NewId();
        string beside = $"/sys/fs/cgroup/{CgroupPlaces.Folder("pids")}/{above}/beside";
        Directory.CreateDirectory(beside);
        Container container = site.Started(edit: config =>
            config.PutText("linux.cgroupsPath", $"/{above}/{above}-container")
        );

        container.Stop().Do("delete").ShouldSucceed();

        Assert.True(Directory.Exists(beside));
        Assert.DoesNotContain(Leftovers.Cgroups(above), path => path.EndsWith("-container", StringComparison.Ordinal));
    }
}
