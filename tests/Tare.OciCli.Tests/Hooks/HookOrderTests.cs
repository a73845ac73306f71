using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>What hooks of each kind are run, in which order, and what each finds. config.md, "POSIX-platform Hooks".</summary>
public sealed class HookOrderTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly TemporaryDirectory _folder = new();
    private Bundle? _bundle;

    private string[] Log => File.ReadAllLines(_folder.At("log"));

    [Fact]
    public void All_six_kinds_run_in_order_when_a_container_is_created_started_and_deleted()
    {
        OciContainer container = _runtime.Create(
            ["sh", "-c", $"echo program >>{HookConfig.Shared}/log; exec sleep 1000"],
            Record
        );
        int process = container.ProcessId;
        Assert.Equal(["prestart", "createRuntime", "createContainer"], Log.Select(Name));

        container.Do("start").ShouldSucceed();
        string theirs = NamespaceOf($"/proc/{process}");
        Assert.Equal(
            ["prestart", "createRuntime", "createContainer", "startContainer", "program", "poststart"],
            Log.Select(Name)
        );

        container.Stop().Do("delete").ShouldSucceed();

        string bundle = container.Bundle.Path;
        string own = NamespaceOf("/proc/self");
        Assert.Equal(
            [
                $"prestart creating {process} {bundle} {own}",
                $"createRuntime creating {process} {bundle} {own}",
                $"createContainer creating 1 / {theirs}",
                $"startContainer created 1 / {theirs}",
                "program",
                $"poststart running {process} {bundle} {own}",
                $"poststop stopped 0 {bundle} {own}",
            ],
            Log
        );
        Traces.ShouldBeNone(_runtime.Root, container.Id, bundle);
    }

    [Fact]
    public void All_six_kinds_run_in_order_when_a_container_is_run()
    {
        string id = _runtime.NewId();
        _bundle = _runtime.NewBundle(Program, Record);

        _runtime.Do("run", "--bundle", _bundle.Path, id).ShouldSucceed();

        Assert.Equal(
            [
                "prestart creating",
                "createRuntime creating",
                "createContainer creating",
                "startContainer created",
                "program",
                "poststart running",
                "poststop stopped",
            ],
            Log.Select(line => string.Join(' ', line.Split(' ').Take(2)))
        );
        Traces.ShouldBeNone(_runtime.Root, id, _bundle.Path);
    }

    [Fact]
    public void Hooks_of_a_kind_run_one_after_the_other_and_none_after_one_that_failed()
    {
        ToolResult run = _runtime.Run(
            ["true"],
            config =>
            {
                HookConfig.Add(config, "createRuntime", $"echo first >>{_folder.At("log")}");
                HookConfig.Add(config, "createRuntime", $"echo second >>{_folder.At("log")}; exit 3");
                HookConfig.Add(config, "createRuntime", $"echo third >>{_folder.At("log")}");
            }
        );

        Assert.Equal(
            "tare-oci: error running createRuntime hook #1: exit status 3, stdout: , stderr: \n",
            run.ShouldExitWith(1).Errors
        );
        Assert.Equal(["first", "second"], Log);
    }

    [Theory]
    [InlineData("prestart", "nsenter --mount --target $(sed -n 's/.*\"pid\": *\\([0-9]*\\).*/\\1/p')")]
    [InlineData("createRuntime", "nsenter --mount --target $(sed -n 's/.*\"pid\": *\\([0-9]*\\).*/\\1/p')")]
    [InlineData("createContainer", "")]
    public void Hooks_of_creation_find_the_mounts_made_and_what_they_mount_the_container_has(string kind, string enter)
    {
        string made = _folder.At("made");
        _bundle = _runtime.NewBundle(
            ["grep", "from-hook", "/proc/self/mountinfo"],
            config =>
            {
                string root = (string)config["root"]!["path"]!;
                HookConfig.Add(
                    config,
                    kind,
                    $"""
                    {enter} sh -c 'grep -o " {root}/[a-z]* " /proc/self/mountinfo; mkdir {root}/dev/hook;
                    mount -t tmpfs from-hook {root}/dev/hook' >{made}
                    """
                );
            }
        );

        ToolResult run = _runtime.Do("run", "--bundle", _bundle.Path, _runtime.NewId());

        Assert.Contains(" /dev/hook ", run.ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(
            ["/dev", "/proc", "/sys"],
            File.ReadLines(made).Select(line => line.Trim()[_bundle.Rootfs.Length..]).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void State_is_complete_and_the_status_is_creating_while_hooks_of_creation_run()
    {
        string id = _runtime.NewId();
        string document = _folder.At("state");
        _bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                config["annotations"] = new JsonObject { ["org.example.key"] = "value" };
                HookConfig.Add(
                    config,
                    "createRuntime",
                    $"cat >{document}; '{OciRuntime.Program}' --root {_runtime.Root} state {id} >{document}.asked"
                );
            }
        );

        _runtime.Do("run", "--bundle", _bundle.Path, id).ShouldSucceed();

        JsonNode state = JsonNode.Parse(File.ReadAllText(document))!;
        Assert.Equal(id, (string?)state["id"]);
        Assert.Equal(_bundle.Path, (string?)state["bundle"]);
        Assert.Equal("value", (string?)state["annotations"]!["org.example.key"]);
        Assert.NotNull(state["ociVersion"]);
        Assert.Equal(
            ["annotations", "bundle", "id", "ociVersion", "pid", "status"],
            state.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal("creating", (string?)JsonNode.Parse(File.ReadAllText(document + ".asked"))!["status"]);
    }

    public void Dispose()
    {
        _runtime.Dispose();
        _folder.Dispose();
    }

    // It ends once the hook has seen it run.
    private static string[] Program =>
        [
            "sh",
            "-c",
            $"echo program >>{HookConfig.Shared}/log; until grep -q poststart {HookConfig.Shared}/log; do :; done",
        ];

    private void Record(JsonObject config)
    {
        HookConfig.Share(config, _folder.Path);
        foreach (string kind in HookConfig.Kinds)
        {
            string log = HookConfig.FolderOf(kind, _folder.Path) + "/log";
            string wait = kind == "poststart" ? $"until grep -q program {log}; do :; done; " : "";
            HookConfig.Add(
                config,
                kind,
                $$"""
                {{wait}}s=$(tr -d ' \n')
                status=$(echo "$s" | sed 's/.*"status":"\([a-z]*\)".*/\1/')
                pid=$(echo "$s" | sed 's/.*"pid":\([0-9]*\).*/\1/')
                echo "$0 $status $pid $(pwd) $(readlink /proc/self/ns/mnt)" >>{{log}}
                """
            );
        }
    }

    private static string Name(string line) => line.Split(' ')[0];

    private static string NamespaceOf(string process) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"{process}/ns/mnt")).LinkTarget!;
}
