using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Pauses
{
    private const string Ticking = "while :; do date +%s%N >/var/tick; done";

    public static Group Group { get; } =
        new(
            "Pause and resume",
            "callers of runc",
            [
                new(
                    "C-32 L-11",
                    "a paused container has the status paused, and a resumed one runs",
                    site =>
                    {
                        Container container = site.Started();
                        container.Do("pause").ShouldSucceed();
                        Assert.Equal("paused", container.Status);
                        container.Do("resume").ShouldSucceed();
                        Assert.Equal("running", container.Status);
                    }
                ),
                new(
                    "C-32",
                    "nothing in a paused container runs",
                    site =>
                    {
                        Container container = site.Started(Ticking, config => site.Share(config));
                        container.Do("pause").ShouldSucceed();
                        WaitUntilFrozen(container);
                        string[] before = Ticks(container);
                        container.Do("state").ShouldSucceed();
                        Assert.Equal(before, Ticks(container));
                    }
                ),
                new(
                    "C-32",
                    "pause of a created container is refused or works; the container can be started after resume",
                    site =>
                    {
                        Container container = site.Create();
                        if (container.Do("pause").ExitCode == 0)
                        {
                            container.Do("resume").ShouldSucceed();
                        }

                        container.Start();
                        Assert.Equal("running", container.Status);
                    }
                ),
                new(
                    "C-32",
                    "pause of a stopped container is refused",
                    site => Assert.NotEqual(0, site.Started().Stop().Do("pause").ExitCode)
                ),
                new(
                    "C-32",
                    "resume of a running container is refused",
                    site => Assert.NotEqual(0, site.Started().Do("resume").ExitCode)
                ),
                new(
                    "C-32",
                    "exec in a paused container is refused",
                    site =>
                    {
                        Container container = site.Started();
                        container.Do("pause").ShouldSucceed();
                        int status = container.Exec("true").ExitCode;
                        container.Do("resume").ShouldSucceed();
                        Assert.NotEqual(0, status);
                    }
                ),
                new(
                    "C-29",
                    "delete --force ends a paused container",
                    site =>
                    {
                        Container container = site.Started();
                        container.Do("pause").ShouldSucceed();
                        container.WaitForEndAfter(() => container.DoWith("delete", "--force").ShouldSucceed());
                        Assert.NotEqual(0, container.Do("state").ExitCode);
                    }
                ),
            ]
        );

    // Version 1 freezes in its own time; asking the runtime something lets some pass.
    private static void WaitUntilFrozen(Container container)
    {
        for (
            int tries = 0;
            tries < 20 && CgroupPlaces.Read(container, "freezer", "freezer.state", "cgroup.freeze") == "FREEZING";
            tries++
        )
        {
            container.Do("state").ShouldSucceed();
        }
    }

    /// <summary>How much processor time each process of the container has had.</summary>
    private static string[] Ticks(Container container) =>
        [
            .. File.ReadLines(
                    $"/sys/fs/cgroup/{CgroupPlaces.Folder("freezer")}{CgroupPlaces.Of(container, "freezer")}/cgroup.procs"
                )
                .Select(process => $"{process} {File.ReadAllText($"/proc/{process}/schedstat").Split(' ')[0]}"),
        ];
}
