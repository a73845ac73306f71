using System.Text.Json.Nodes;
using Tare.Conformance.Running;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class LifeCycle
{
    public static Group Group { get; } =
        new(
            "Life cycle",
            "runtime.md: life cycle, operations; config.md",
            [
                new("L-01", "create without an id is refused", site => Assert.NotEqual(0, site.Do("create").ExitCode)),
                new(
                    "L-01",
                    "create of a directory without config.json is refused and makes nothing",
                    site =>
                        site.RefusesBundle(Directory.CreateDirectory(site.Folder.At("empty")).FullName, site.NewId())
                ),
                new(
                    "L-01",
                    "create of a bundle that is not there is refused",
                    site => site.RefusesBundle(site.Folder.At("missing"), site.NewId())
                ),
                new(
                    "L-01",
                    "create takes the working directory for the bundle",
                    site =>
                    {
                        string id = site.NewId();
                        string bundle = site.NewBundle(["sleep", "1000"]);
                        site.Shell($"cd '{bundle}' && \"$@\" </dev/null >/dev/null 2>&1", "create", id).ShouldSucceed();
                        site.Do("state", id).ShouldSucceed();
                    }
                ),
                new("L-01", "an id that exists is refused, and its container stays as it is", DuplicateId),
                new("L-01", "an id with a slash is refused", site => RefusesId(site, "a/b")),
                new("L-01", "an id that leads to another directory is refused", site => RefusesId(site, "../outside")),
                new("L-01", "the id '..' is refused", site => RefusesId(site, "..")),
                new(
                    "L-02",
                    "the program does not run before start",
                    site =>
                    {
                        site.Create($"echo ran >{Site.Shared}/mark", config => site.Share(config));
                        Assert.False(File.Exists(Path.Combine(site.Exchange, "mark")));
                    }
                ),
                new(
                    "L-02",
                    "namespaces, mounts and cgroups are there after create",
                    site =>
                    {
                        Container container = site.Create();
                        foreach (string kind in (string[])["pid", "net", "ipc", "uts", "mnt"])
                        {
                            string own = new FileInfo($"/proc/self/ns/{kind}").LinkTarget!;
                            Assert.NotEqual(own, container.Link($"ns/{kind}"));
                        }

                        Assert.Contains(" /dev/pts ", container.Proc("mountinfo"));
                        Assert.Contains(container.Id, container.Proc("cgroup"));
                    }
                ),
                new("L-02", "the program runs after start", site => site.Started("echo it runs").WaitFor("it runs")),
                new("L-03", "config.json changed after create has no effect", ChangedConfiguration),
                new(
                    "L-05",
                    "start of a running container is refused, and it runs on",
                    site =>
                    {
                        Container container = site.Started();
                        Assert.NotEqual(0, container.Do("start").ExitCode);
                        Assert.Equal("running", container.Status);
                    }
                ),
                new(
                    "L-05",
                    "start of a stopped container is refused",
                    site =>
                    {
                        Container container = site.Started().Stop();
                        Assert.NotEqual(0, container.Do("start").ExitCode);
                        Assert.Equal("stopped", container.Status);
                    }
                ),
                new(
                    "L-05",
                    "start of an unknown container is refused",
                    site => Assert.NotEqual(0, site.Do("start", site.NewId()).ExitCode)
                ),
                new("L-05", "start without an id is refused", site => Assert.NotEqual(0, site.Do("start").ExitCode)),
                new(
                    "O-050",
                    "without process a container cannot be started; create may refuse it already",
                    WithoutProcess
                ),
                new(
                    "L-04 L-13",
                    "what cannot be done makes create fail, and nothing stays",
                    site => site.Refuses(config => config.Mount("/mnt", "no-such-filesystem", "none"))
                ),
                new("L-13", "an id is free again after create has failed", FreeAfterFailure),
                new(
                    "L-07",
                    "an id is free again after delete",
                    site =>
                    {
                        string bundle = site.NewBundle(["true"]);
                        string id = site.NewId();
                        site.Do("run", "--bundle", bundle, id).ShouldSucceed();
                        site.Do("run", "--bundle", bundle, id).ShouldSucceed();
                    }
                ),
                new("P-01", "run ends with the program's status", site => site.Run("exit 37").ShouldExitWith(37)),
                new(
                    "P-01",
                    "run ends with 128 and the signal's number where a signal ended the program",
                    site =>
                    {
                        string id = site.NewId();
                        using Tare.Fixtures.RunningTool run = site.Start(
                            "run",
                            "--bundle",
                            site.NewBundle(["sh", "-c", "echo up; exec sleep 1000"]),
                            id
                        );
                        run.WaitForText("up", Site.Longest);
                        site.Do("kill", id, "KILL").ShouldSucceed();
                        Assert.Equal(137, run.WaitForExit(Site.Longest));
                    }
                ),
                new(
                    "C-20",
                    "run leaves nothing of a container that has ended",
                    site =>
                    {
                        string id = site.NewId();
                        string bundle = site.NewBundle(["true"]);
                        site.Do("run", "--bundle", bundle, id).ShouldSucceed();
                        Assert.NotEqual(0, site.Do("state", id).ExitCode);
                        Assert.Empty(Leftovers.Of(id, bundle));
                    }
                ),
                new(
                    "C-20",
                    "run --detach comes back while the program runs",
                    site =>
                    {
                        string id = site.NewId();
                        site.Shell(
                                "\"$@\" </dev/null >/dev/null 2>&1",
                                "run",
                                "--detach",
                                "--bundle",
                                site.NewBundle(["sleep", "1000"]),
                                id
                            )
                            .ShouldSucceed();
                        Assert.Equal(
                            "running",
                            (string?)JsonNode.Parse(site.Do("state", id).ShouldSucceed().Output)!["status"]
                        );
                    }
                ),
                new(
                    "O-007",
                    "properties and annotations that nobody knows are passed over",
                    site =>
                        site.Run(
                                "true",
                                config =>
                                    config
                                        .Put("unknownProperty", "{\"a\":[1]}")
                                        .Put("linux.unknown", "true")
                                        .Put("annotations", "{\"org.example.unknown\":\"1\"}")
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-001",
                    "a config.json without ociVersion is refused",
                    site => site.Refuses(config => config.Drop("ociVersion"))
                ),
                new(
                    "O-001",
                    "an ociVersion that is no version is refused",
                    site => site.Refuses(config => config.PutText("ociVersion", "one"))
                ),
                new(
                    "L-01",
                    "a config.json that is no JSON is refused",
                    site => site.RefusesBundle(site.NewBundle("{ \"ociVersion\": "), site.NewId())
                ),
            ]
        );

    private static void DuplicateId(Site site)
    {
        Container container = site.Create();
        int process = container.ProcessId;

        Assert.NotEqual(0, site.Create(site.NewBundle(["true"]), container.Id).ExitCode);

        Assert.Equal("created", container.Status);
        Assert.Equal(process, container.ProcessId);
        container.Start();
        Assert.Equal("running", container.Status);
    }

    private static void RefusesId(Site site, string id)
    {
        string bundle = site.NewBundle(["true"]);
        Directory.CreateDirectory(site.Root);
        int status = site.Create(bundle, id).ExitCode;
        if (status == 0)
        {
            site.Do("delete", "--force", id);
        }

        Assert.NotEqual(0, status);
        Assert.False(Directory.Exists(site.Folder.At("outside")));
    }

    private static void ChangedConfiguration(Site site)
    {
        Container container = site.Create("echo as it was; exec sleep 1000");
        File.WriteAllText(
            Path.Combine(container.Bundle, "config.json"),
            BaseConfig.Of(SharedRootfs.Path, ["echo", "as it is now"]).ToJsonString()
        );

        container.Start().WaitFor("as it was");
    }

    private static void WithoutProcess(Site site)
    {
        string id = site.NewId();
        if (site.Create(site.NewBundle([], config => config.Drop("process")), id).ExitCode == 0)
        {
            Assert.NotEqual(0, site.Do("start", id).ExitCode);
        }
    }

    private static void FreeAfterFailure(Site site)
    {
        string id = site.NewId();
        string bad = site.NewBundle(["true"], config => config.Mount("/mnt", "no-such-filesystem", "none"));
        Assert.NotEqual(0, site.Create(bad, id).ExitCode);

        site.Do("run", "--bundle", site.NewBundle(["true"]), id).ShouldSucceed();
    }
}
