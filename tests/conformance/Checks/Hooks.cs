using System.Text.Json.Nodes;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Hooks
{
    /// <summary>In the order of a container's life.</summary>
    internal static readonly string[] Kinds =
    [
        "prestart",
        "createRuntime",
        "createContainer",
        "startContainer",
        "poststart",
        "poststop",
    ];

    public static Group Group { get; } =
        new(
            "Hooks",
            "config.md: POSIX-platform hooks; runtime.md: life cycle",
            [
                new("O-200 O-201 O-202 O-203 O-204 O-205", "all six kinds run in their order", InOrder),
                .. Kinds.Select(
                    (kind, at) =>
                        new Check(
                            $"O-20{at} O-207",
                            $"{kind} is told the state on its standard input",
                            site =>
                            {
                                JsonNode state = JsonNode.Parse(Told(site, kind, "cat"))!;
                                Assert.StartsWith("tare-conformance-", (string?)state["id"]);
                                Assert.StartsWith("1.", (string?)state["ociVersion"]);
                                Assert.Equal(
                                    kind switch
                                    {
                                        "poststart" => "running",
                                        "poststop" => "stopped",
                                        "startContainer" => "created",
                                        _ => "creating",
                                    },
                                    (string?)state["status"]
                                );
                                Assert.NotNull(state["bundle"]);
                            }
                        )
                ),
                .. Kinds.Select(
                    (kind, at) =>
                        new Check(
                            $"O-20{at} O-206",
                            $"{kind} has the arguments and the environment asked for, and no other",
                            site =>
                            {
                                string[] told = Told(site, kind, "echo $0; env").TrimEnd('\n').Split('\n');
                                Assert.Equal(kind, told[0]);
                                Assert.Equal(
                                    ["OF_HOOK=yes", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
                                    told[1..]
                                        .Where(line =>
                                            !line.StartsWith("PWD=")
                                            && !line.StartsWith("SHLVL=")
                                            && !line.StartsWith("_=")
                                            && !line.StartsWith("OLDPWD=")
                                        )
                                        .Order(StringComparer.Ordinal)
                                );
                            }
                        )
                ),
                Namespace("O-200", "prestart", false),
                Namespace("O-201", "createRuntime", false),
                Namespace("O-202", "createContainer", true),
                Namespace("O-203", "startContainer", true),
                Namespace("O-204", "poststart", false),
                new(
                    "O-206",
                    "hooks of a kind run in the order in which they are listed",
                    site =>
                    {
                        string log = site.Folder.At("log");
                        site.Run(
                                "true",
                                config =>
                                    config
                                        .Hook("createRuntime", $"echo 1 >>{log}")
                                        .Hook("createRuntime", $"echo 2 >>{log}")
                                        .Hook("createRuntime", $"echo 3 >>{log}")
                            )
                            .ShouldSucceed();
                        Assert.Equal(["1", "2", "3"], File.ReadAllLines(log));
                    }
                ),
                new(
                    "O-203",
                    "the path of startContainer is looked for in the container",
                    site =>
                        site.Run(
                                "true",
                                config =>
                                    config.Append("hooks.startContainer", """{"path":"/bin/busybox","args":["true"]}""")
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-207",
                    "the pid that createRuntime is told is that of the container's process",
                    site =>
                    {
                        string file = site.Folder.At("told");
                        Container container = site.Create(edit: config => config.Hook("createRuntime", $"cat >{file}"));
                        Assert.Equal(container.ProcessId, (int)JsonNode.Parse(File.ReadAllText(file))!["pid"]!);
                    }
                ),
                new(
                    "O-205",
                    "poststop runs when delete is called, not before",
                    site =>
                    {
                        string mark = site.Folder.At("mark");
                        Container container = site.Started(edit: config => config.Hook("poststop", $"echo >{mark}"));
                        container.Stop();
                        Assert.False(File.Exists(mark));
                        container.Do("delete").ShouldSucceed();
                        Assert.True(File.Exists(mark));
                    }
                ),
                new(
                    "O-206",
                    "a hook within its timeout is none that failed",
                    site =>
                        site.Run("true", config => config.Hook("createRuntime", "true", timeout: 10)).ShouldSucceed()
                ),
            ]
        );

    /// <summary>What a line of shell writes when it is a hook of a kind.</summary>
    internal static string Told(Site site, string kind, string script)
    {
        string told = kind == "startContainer" ? $"{Site.Shared}/told" : Path.Combine(site.Exchange, "told");
        site.Run("true", config => site.Share(config).Hook(kind, $"({script}) >{told}")).ShouldSucceed();
        return File.ReadAllText(Path.Combine(site.Exchange, "told"));
    }

    private static Check Namespace(string row, string kind, bool ofContainer) =>
        new(
            row,
            $"{kind} runs in the mount namespace of the {(ofContainer ? "container" : "runtime")}",
            site =>
            {
                string told = kind == "startContainer" ? $"{Site.Shared}/told" : Path.Combine(site.Exchange, "told");
                Container container = site.Started(
                        "echo up; exec sleep 1000",
                        config => site.Share(config).Hook(kind, $"readlink /proc/self/ns/mnt >{told}")
                    )
                    .WaitFor("up");
                string hooks = File.ReadAllText(Path.Combine(site.Exchange, "told")).Trim();
                Assert.Equal(ofContainer, hooks == container.Link("ns/mnt"));
            }
        );

    private static void InOrder(Site site)
    {
        string log = Path.Combine(site.Exchange, "log");
        Container container = site.Create(
            $"echo program >>{Site.Shared}/log; exec sleep 1000",
            config =>
            {
                site.Share(config);
                foreach (string kind in Kinds)
                {
                    string file = kind == "startContainer" ? $"{Site.Shared}/log" : log;
                    string wait = kind == "poststart" ? $"until grep -q program {log}; do :; done; " : "";
                    config.Hook(kind, $"{wait}echo {kind} >>{file}", timeout: 5);
                }
            }
        );
        Assert.Equal(Kinds[..3], File.ReadAllLines(log));
        container.Start();
        Assert.Equal([.. Kinds[..4], "program", "poststart"], File.ReadAllLines(log));
        container.Stop().Do("delete").ShouldSucceed();
        Assert.Equal([.. Kinds[..4], "program", "poststart", "poststop"], File.ReadAllLines(log));
    }
}
