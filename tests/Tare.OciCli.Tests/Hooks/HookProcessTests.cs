using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>What a hook's process is given and what it may.</summary>
public sealed class HookProcessTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<string> Kinds => [.. HookConfig.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_environment_and_its_arguments_are_its_own_and_no_others(string kind)
    {
        string seen = HookConfig.FolderOf(kind, _folder.Path) + "/seen";
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                HookConfig.Share(config, _folder.Path);
                config["process"]!["env"]!.AsArray().Add("OF_THE=container");
                HookConfig.Add(
                    config,
                    kind,
                    new JsonObject
                    {
                        ["path"] = "/bin/sh",
                        ["args"] = new JsonArray(
                            "sh",
                            "-c",
                            $"/bin/tr '\\000' '\\n' </proc/self/environ >{seen}; for word; do echo \"$word\" >>{seen}; done",
                            "zero",
                            "one two",
                            "three"
                        ),
                        ["env"] = new JsonArray("A=b", "C="),
                    }
                );
            }
        );

        _runtime
            .Do(
                ["run", "--bundle", bundle.Path, _runtime.NewId()],
                new ToolOptions { Environment = new Dictionary<string, string?> { ["OF_THE"] = "runtime" } }
            )
            .ShouldSucceed();

        Assert.Equal(["A=b", "C=", "one two", "three"], File.ReadAllLines(_folder.At("seen")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_first_argument_is_its_name_and_without_any_that_is_its_path(string kind)
    {
        string names = HookConfig.FolderOf(kind, _folder.Path) + "/names";
        const string Look = "read line </proc/self/cmdline; echo \"$line\"";
        _folder.Write("program", $"#!/bin/sh\n{Look} >>{names}\n", (UnixFileMode)0x1ED);
        string path = HookConfig.FolderOf(kind, _folder.Path) + "/program";

        _runtime
            .Run(
                ["true"],
                config =>
                {
                    HookConfig.Share(config, _folder.Path);
                    HookConfig.Add(config, kind, new JsonObject { ["path"] = path });
                    HookConfig.Add(
                        config,
                        kind,
                        new JsonObject
                        {
                            // Which of its commands it is, it takes from its name.
                            ["path"] = "/bin/busybox",
                            ["args"] = new JsonArray("sh", "-c", $"{Look} >>{names}"),
                        }
                    );
                }
            )
            .ShouldSucceed();

        string[] lines = File.ReadAllLines(_folder.At("names"));
        Assert.Equal($"/bin/sh{path}", lines[0]);
        Assert.StartsWith("sh-cread", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_three_streams_and_no_other_descriptor()
    {
        _runtime
            .Run(
                ["true"],
                config =>
                {
                    HookConfig.Share(config, _folder.Path);
                    foreach (string kind in HookConfig.Kinds)
                    {
                        string seen = HookConfig.FolderOf(kind, _folder.Path) + "/seen";
                        HookConfig.Add(config, kind, $"ls /proc/self/fd | wc -l >>{seen}");
                    }
                }
            )
            .ShouldSucceed();

        // The fourth is the directory that ls reads.
        Assert.Equal(Enumerable.Repeat("4", 6), File.ReadAllLines(_folder.At("seen")));
    }

    [Fact]
    public void Hooks_in_a_user_namespace_are_run_by_its_root_and_see_its_processes()
    {
        Tool.Run("chmod", "666", _folder.Write("seen", "")).ShouldSucceed();

        _runtime
            .Run(
                ["true"],
                config =>
                {
                    UserNamespaces.Add(config);
                    HookConfig.Share(config, _folder.Path);
                    foreach (string kind in HookConfig.Kinds)
                    {
                        string seen = HookConfig.FolderOf(kind, _folder.Path) + "/seen";
                        HookConfig.Add(
                            config,
                            kind,
                            $"echo $0 $(id -u) $(awk '{{ print $2 }}' /proc/self/uid_map) >>{seen}"
                        );
                    }
                }
            )
            .ShouldSucceed();

        Assert.Equal(
            [
                "prestart 0 0",
                "createRuntime 0 0",
                "createContainer 0 100000",
                "startContainer 0 100000",
                "poststart 0 0",
                "poststop 0 0",
            ],
            File.ReadAllLines(_folder.At("seen"))
        );
    }

    [Fact]
    public void What_comes_from_the_container_is_held_by_its_filter_and_nothing_else()
    {
        _runtime
            .Run(
                ["true"],
                config =>
                {
                    config["linux"]!["seccomp"] = SeccompProfiles.Allowing();
                    HookConfig.Share(config, _folder.Path);
                    foreach (string kind in HookConfig.Kinds)
                    {
                        string seen = HookConfig.FolderOf(kind, _folder.Path) + "/seen";
                        HookConfig.Add(config, kind, $"echo $0 $(grep Seccomp: /proc/self/status) >>{seen}");
                    }
                }
            )
            .ShouldSucceed();

        string own = File.ReadLines("/proc/self/status")
            .Single(line => line.StartsWith("Seccomp:", StringComparison.Ordinal));
        Assert.Equal(
            HookConfig.Kinds.Select(kind => $"{kind} Seccomp: {(kind == "startContainer" ? "2" : own.Split('\t')[1])}"),
            File.ReadAllLines(_folder.At("seen"))
        );
    }

    [Theory]
    [InlineData("run")]
    [InlineData("create")]
    public void Hooks_of_an_ordinary_users_container_are_run_as_that_user(string command)
    {
        using OrdinaryUser user = new();
        string id = user.NewId();
        string seen = Path.Combine(user.Home, "seen");
        Bundle bundle = user.NewBundle(
            ["true"],
            config =>
            {
                HookConfig.Share(config, user.Home);
                foreach (string kind in HookConfig.Kinds)
                {
                    string log = HookConfig.FolderOf(kind, user.Home) + "/seen";
                    HookConfig.Add(config, kind, $"echo $0 $(id -u) >>{log}");
                }
            }
        );

        RunningTool first = user.Start(command, "--bundle", bundle.Path, id);
        Assert.True(first.WaitForExit() == 0, first.Errors);
        if (command == "create")
        {
            user.Do("start", id).ShouldSucceed();
            user.Do("delete", "--force", id).ShouldSucceed();
        }

        Assert.Equal(
            [
                "prestart 54321",
                "createRuntime 54321",
                "createContainer 0",
                "startContainer 0",
                "poststart 54321",
                "poststop 54321",
            ],
            File.ReadAllLines(seen)
        );
    }

    [Fact]
    public void Hooks_of_start_are_confined_as_the_program_is()
    {
        string[] lines = ["CapEff", "CapBnd", "NoNewPrivs"];
        string status = $"grep -E '^({string.Join('|', lines)}):' /proc/self/status; id -u; cat /proc/self/cgroup";
        ToolResult run = _runtime.Run(
            ["sh", "-c", status],
            config =>
            {
                HookConfig.Share(config, _folder.Path);
                config["process"]!["user"]!["uid"] = 1000;
                Tool.Run("chmod", "777", _folder.Path).ShouldSucceed();
                HookConfig.Add(config, "startContainer", $"({status}) >{HookConfig.Shared}/seen");
            }
        );

        Assert.Equal(run.ShouldSucceed().Lines, File.ReadAllLines(_folder.At("seen")));
        Assert.Contains("1000", run.Lines);
    }

    public void Dispose()
    {
        _runtime.Dispose();
        _folder.Dispose();
    }
}
