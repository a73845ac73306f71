using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Checks;

internal static class HookFailures
{
    public static Group Group { get; } =
        new(
            "Hooks that fail",
            "runtime.md: life cycle; config.md: hooks",
            [
                .. Hooks
                    .Kinds[..3]
                    .Select(
                        (kind, at) =>
                            new Check(
                                $"O-20{at} O-208",
                                $"where {kind} fails, create fails and nothing stays",
                                site => site.Refuses(config => config.Hook(kind, "exit 3"))
                            )
                    ),
                new(
                    "O-203 O-208",
                    "where startContainer fails, start fails and the program does not run",
                    site =>
                    {
                        Container container = site.Create(
                            $"echo ran >{Site.Shared}/ran; exec sleep 1000",
                            config => site.Share(config).Hook("startContainer", "exit 3")
                        );
                        Assert.NotEqual(0, container.Do("start").ExitCode);
                        Assert.False(File.Exists(Path.Combine(site.Exchange, "ran")));
                        Assert.NotEqual("running", StatusOf(container));
                    }
                ),
                new(
                    "O-204",
                    "where poststart fails, start fails and the container is stopped",
                    site =>
                    {
                        Container container = site.Create(edit: config => config.Hook("poststart", "exit 3"));
                        int process = container.ProcessId;
                        Assert.NotEqual(0, container.Do("start").ExitCode);
                        Assert.NotEqual("running", StatusOf(container));
                        Assert.False(File.Exists($"/proc/{process}/ns/mnt") && IsAlive(process));
                    }
                ),
                new(
                    "O-205",
                    "where poststop fails, delete goes on",
                    site =>
                    {
                        string log = site.Folder.At("log");
                        Container container = site.Started(edit: config =>
                                config.Hook("poststop", "exit 3").Hook("poststop", $"echo second >>{log}")
                            )
                            .Stop();
                        container.Do("delete").ShouldSucceed();
                        Assert.NotEqual(0, container.Do("state").ExitCode);
                        Assert.Equal(["second"], File.ReadAllLines(log));
                    }
                ),
                new(
                    "O-206 O-208",
                    "a hook beyond its timeout has failed",
                    site => site.Refuses(config => config.Hook("createRuntime", "exec sleep 15", timeout: 1))
                ),
                new(
                    "O-206",
                    "a hook that is not there has failed",
                    site => site.Refuses(config => config.Append("hooks.createRuntime", """{"path":"/no/such/hook"}"""))
                ),
                new(
                    "O-206",
                    "a hook with a relative path is refused",
                    site => site.Refuses(config => config.Append("hooks.createRuntime", """{"path":"bin/true"}"""))
                ),
                new(
                    "O-206",
                    "a hook with a timeout of 0 is refused",
                    site => site.Refuses(config => config.Hook("createRuntime", "true", timeout: 0))
                ),
                new(
                    "O-208",
                    "after a hook that failed no other of its kind runs",
                    site =>
                    {
                        string log = site.Folder.At("log");
                        site.Refuses(config =>
                            config.Hook("createRuntime", "exit 3").Hook("createRuntime", $"echo second >>{log}")
                        );
                        Assert.False(File.Exists(log));
                    }
                ),
                new(
                    "O-208",
                    "what the hook said is in the error",
                    site =>
                        Assert.Contains(
                            "words of the hook",
                            site.Refuses(config => config.Hook("createRuntime", "echo words of the hook >&2; exit 3"))
                        )
                ),
            ]
        );

    private static string StatusOf(Container container)
    {
        ToolResult state = container.Do("state");
        return state.ExitCode == 0 ? (string)System.Text.Json.Nodes.JsonNode.Parse(state.Output)!["status"]! : "gone";
    }

    private static bool IsAlive(int process) =>
        !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
}
