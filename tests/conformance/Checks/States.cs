using System.Text.Json.Nodes;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class States
{
    public static Group Group { get; } =
        new(
            "State",
            "runtime.md: state, query state",
            [
                new(
                    "L-11",
                    "the status goes from created to running to stopped",
                    site =>
                    {
                        Container container = site.Create();
                        Assert.Equal("created", container.Status);
                        container.Start();
                        Assert.Equal("running", container.Status);
                        container.Stop();
                        Assert.Equal("stopped", container.Status);
                    }
                ),
                new(
                    "L-11",
                    "a program that ends by itself leaves a stopped container",
                    site =>
                    {
                        Container container = site.Create(
                            $"until test -e {Site.Shared}/end; do :; done",
                            edit: c => site.Share(c)
                        );
                        container.Start();
                        container.WaitForEndAfter(() => File.WriteAllText(Path.Combine(site.Exchange, "end"), ""));
                        Assert.Equal("stopped", container.Status);
                    }
                ),
                new(
                    "L-10",
                    "the id is the container's",
                    site => With(site, (c, s) => Assert.Equal(c.Id, (string?)s["id"]))
                ),
                new(
                    "L-10",
                    "ociVersion is a version of the specification",
                    site => With(site, (_, s) => Assert.Matches(@"^1\.\d+\.\d+", (string?)s["ociVersion"]))
                ),
                new(
                    "L-10",
                    "the bundle is the absolute path of the container's",
                    site => With(site, (c, s) => Assert.Equal(c.Bundle, (string?)s["bundle"]))
                ),
                new(
                    "L-10",
                    "the pid is that of the container's first process, as the machine counts",
                    site =>
                        With(
                            site,
                            (c, s) =>
                                Assert.Matches(
                                    new System.Text.RegularExpressions.Regex(
                                        @"^NSpid:\s+" + (int)s["pid"]! + @"\s+1$",
                                        System.Text.RegularExpressions.RegexOptions.Multiline
                                    ),
                                    c.Proc("status")
                                )
                        )
                ),
                new(
                    "O-006 L-10",
                    "annotations are told as they were given",
                    site =>
                    {
                        Container container = site.Create(edit: c =>
                            c.Put("annotations", """{"org.example.a":"1","org.example.b":"two words"}""")
                        );
                        JsonNode annotations = container.State["annotations"]!;
                        Assert.Equal("1", (string?)annotations["org.example.a"]);
                        Assert.Equal("two words", (string?)annotations["org.example.b"]);
                    }
                ),
                new(
                    "P-05",
                    "rootfs, created and owner are told as callers of runc read them",
                    site =>
                        With(
                            site,
                            (_, s) =>
                            {
                                Assert.Equal(SharedRootfs.Path, (string?)s["rootfs"]);
                                Assert.True(DateTimeOffset.TryParse((string?)s["created"], out DateTimeOffset at));
                                Assert.Equal(DateTimeOffset.UtcNow.Year, at.Year);
                                Assert.NotNull(s["owner"]);
                            }
                        )
                ),
                new(
                    "L-10",
                    "a stopped container has no pid or the pid 0",
                    site => Assert.Equal(0, (int?)site.Started().Stop().State["pid"] ?? 0)
                ),
                new(
                    "L-09 P-04",
                    "an unknown container is an error that says 'does not exist'",
                    site =>
                    {
                        Tare.Fixtures.ToolResult state = site.Do("state", site.NewId());
                        Assert.NotEqual(0, state.ExitCode);
                        Assert.Contains("does not exist", state.Errors);
                    }
                ),
                new("L-09", "state without an id is an error", site => Assert.NotEqual(0, site.Do("state").ExitCode)),
                new(
                    "L-09",
                    "a container that was deleted is unknown",
                    site =>
                    {
                        Container container = site.Started().Stop();
                        container.Do("delete").ShouldSucceed();
                        Assert.NotEqual(0, container.Do("state").ExitCode);
                    }
                ),
            ]
        );

    private static void With(Site site, Action<Container, JsonNode> check)
    {
        Container container = site.Create();
        check(container, container.State);
    }
}
