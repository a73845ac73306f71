using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Containers whose mount namespace is not theirs alone: the runtime's own, or one that is joined by its path.</summary>
public sealed class SharedMountTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly List<RunningTool> _holders = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_container_in_the_runtimes_mount_namespace_has_its_own_root_and_mounts(bool isNamed)
    {
        OciContainer container = _runtime.Create(edit: config => Share(config, isNamed)).Start();

        Assert.Equal(Identity(Environment.ProcessId), Identity(container.ProcessId));
        Assert.Equal(
            ["sleep", "/bin", "tmpfs", "null"],
            container
                .Do("exec", "sh", "-c", "cat /proc/1/comm; cd /bin && pwd; stat -f -c %T /dev; ls /dev | grep null")
                .ShouldSucceed()
                .Lines
        );
        Assert.Equal(
            Directory.GetFileSystemEntries(SharedRootfs.Path).Select(Path.GetFileName).Order(),
            container.Exec("ls", "-a", "/").ShouldSucceed().Lines.Where(name => name is not ("." or "..")).Order()
        );

        container.DoWith("delete", "--force").ShouldSucceed();
        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void A_container_without_any_namespace_of_its_own_is_run()
    {
        string[] lines = _runtime.Lines(
            "ls / | wc -l; cat /proc/self/mountinfo | awk '$5 == \"/\"' | wc -l; readlink /proc/self/ns/mnt",
            config =>
            {
                config["linux"]!["namespaces"] = new JsonArray();
                config.Remove("hostname");
            }
        );

        Assert.Equal(
            [$"{Directory.GetFileSystemEntries(SharedRootfs.Path).Length}", "1", Identity(Environment.ProcessId)],
            lines
        );
    }

    [Fact]
    public void Paths_are_those_of_the_mount_namespace_that_is_joined()
    {
        string folder = _runtime.Folder.At("shared");
        Directory.CreateDirectory(folder);
        int holder = Hold($"mount -t tmpfs tmpfs '{folder}' && echo content > '{folder}/file'");

        OciContainer container = _runtime
            .Create(edit: config =>
            {
                Namespaces.Set(config, "mount", $"/proc/{holder}/ns/mnt");
                ConfigMounts.Add(config, "/var", "bind", folder, "rbind");
                ConfigMounts.Add(
                    config,
                    "/root",
                    "overlay",
                    "overlay",
                    $"lowerdir={folder}:{Path.GetDirectoryName(folder)}"
                );
            })
            .Start();

        Assert.Equal(Identity(holder), Identity(container.ProcessId));
        Assert.Equal(["content", "content"], container.Exec("cat", "/var/file", "/root/file").ShouldSucceed().Lines);
        Assert.Contains(container.Id, File.ReadAllText($"/proc/{holder}/mountinfo"), StringComparison.Ordinal);
        Assert.DoesNotContain(container.Id, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);

        container.DoWith("delete", "--force").ShouldSucceed();
        Assert.DoesNotContain(container.Id, File.ReadAllText($"/proc/{holder}/mountinfo"), StringComparison.Ordinal);
        Traces.ShouldBeNone(_runtime.Root, container.Id);
    }

    [Fact]
    public void A_mount_namespace_that_does_not_show_the_state_is_refused()
    {
        OciContainer other = _runtime.Create().Start();
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => Namespaces.Set(config, "mount", $"/proc/{other.ProcessId}/ns/mnt")
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Equal(
            "tare-oci: find the place of the root file system: ENOENT (the mount namespace that is joined does not show "
                + "this runtime's directory for state: choose one that it shows by --root)\n",
            run.Errors
        );
        Assert.DoesNotContain(Traces.Of(_runtime.Root, id), trace => trace.Contains(id, StringComparison.Ordinal));
    }

    // Both namespaces have the same mounts, which tell each other of what is mounted on them.
    [Fact]
    public void Nothing_below_its_root_reaches_the_peers_of_the_runtimes_mounts()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"], config => Share(config, isNamed: false));

        string[] lines = _runtime
            .Shell(
                """
                unshare --mount --propagation private bash -c '
                    set -e
                    oci() { "$0" --root "$1" "${@:2}"; }
                    mount --make-rshared /
                    coproc peer { exec unshare --mount --propagation unchanged sh -c "echo; read end"; }
                    read -u ${peer[0]}
                    "$1" --root "$2" create --bundle "$3" "$4" >/dev/null </dev/null
                    "$1" --root "$2" start "$4"
                    grep -c "$4" /proc/$peer_PID/mountinfo
                    "$1" --root "$2" exec "$4" cat /proc/1/comm
                    "$1" --root "$2" delete --force "$4"
                    cat /proc/self/mountinfo /proc/$peer_PID/mountinfo | grep -c "$4" || true
                    echo >&${peer[1]}
                ' bash "$@"
                """,
                OciRuntime.Program,
                _runtime.Root,
                bundle.Path,
                id
            )
            .ShouldSucceed()
            .Lines;

        // The place alone.
        Assert.Equal(["1", "sleep", "0"], lines);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("create")]
    public void A_failure_unmounts_what_was_mounted(string command)
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                Share(config, isNamed: false);
                config["process"]!["cwd"] = "/etc/passwd";
            }
        );

        ToolResult failed = _runtime.Do(command, "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains("ENOTDIR", failed.Errors, StringComparison.Ordinal);

        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void A_mount_is_added_to_it_and_taken_away()
    {
        OciContainer container = _runtime.Create(edit: config => Share(config, isNamed: false)).Start();
        string file = _runtime.Folder.At("mounts.json");
        File.WriteAllText(
            file,
            """[{"destination": "/root", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k"]}]"""
        );

        _runtime.Do("mounts", "add", container.Id, file).ShouldSucceed();
        Assert.Equal(["tmpfs"], container.Exec("stat", "-f", "-c", "%T", "/root").ShouldSucceed().Lines);
        Assert.DoesNotContain(" /root ", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);

        _runtime.Do("mounts", "remove", container.Id, file).ShouldSucceed();
        Assert.NotEqual(["tmpfs"], container.Exec("stat", "-f", "-c", "%T", "/root").ShouldSucceed().Lines);
    }

    [Fact]
    public void Hooks_find_the_runtimes_files_before_the_change_of_root_and_the_containers_after_it()
    {
        string folder = _runtime.Folder.At("hooks");
        Directory.CreateDirectory(folder);

        _runtime
            .Run(
                ["true"],
                config =>
                {
                    Share(config, isNamed: false);
                    HookConfig.Share(config, folder);
                    foreach (string kind in (string[])["createRuntime", "createContainer", "startContainer"])
                    {
                        HookConfig.Add(
                            config,
                            kind,
                            $"ls / | wc -l > {HookConfig.FolderOf(kind, folder)}/$0; pwd >> {HookConfig.FolderOf(kind, folder)}/$0"
                        );
                    }
                }
            )
            .ShouldSucceed();

        string inside = $"{Directory.GetFileSystemEntries(SharedRootfs.Path).Length}";
        string outside = $"{Tool.Run("ls", "/").Lines.Length}";
        Assert.NotEqual(inside, outside);
        Assert.Equal(outside, File.ReadAllLines($"{folder}/createRuntime")[0]);
        Assert.Equal([outside, "/"], File.ReadAllLines($"{folder}/createContainer"));
        Assert.Equal([inside, "/"], File.ReadAllLines($"{folder}/startContainer"));
    }

    [Fact]
    public void Its_state_is_observed_as_configured()
    {
        OciContainer container = _runtime.Create(edit: config => Share(config, isNamed: false)).Start();

        JsonNode observed = JsonNode.Parse(container.DoWith("state", "--observed").ShouldSucceed().Output)!;

        Assert.Empty(observed["differences"]!.AsArray());
    }

    [Fact]
    public void It_is_not_saved_and_runs_on()
    {
        OciContainer container = _runtime.Create(edit: config => Share(config, isNamed: false)).Start();

        ToolResult refused = container
            .DoWith("checkpoint", "--image-path", _runtime.Folder.At("images"))
            .ShouldExitWith(1);

        Assert.Equal(
            "tare-oci: a container without a mount namespace of its own cannot be saved or restored (add {\"type\": "
                + "\"mount\"} to linux.namespaces)\n",
            refused.Errors
        );
        Assert.Equal("running", container.Status);
    }

    public void Dispose()
    {
        _runtime.Dispose();
        _holders.ForEach(holder => holder.Dispose());
    }

    // Left out it is the runtime's; so it is where that one's path is given.
    private static void Share(JsonObject config, bool isNamed)
    {
        Namespaces.Remove(config, "mount");
        if (isNamed)
        {
            Namespaces.Set(config, "mount", $"/proc/{Environment.ProcessId}/ns/mnt");
        }
    }

    /// <summary>A process in a mount namespace of its own, which a line of shell prepares.</summary>
    private int Hold(string script)
    {
        RunningTool holder = Tool.Start(
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            $"{script} && echo $$ ready && exec sleep 1000"
        );
        _holders.Add(holder);
        holder.WaitForText("ready");
        return int.Parse(holder.Output.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Identity(int process) => File.ResolveLinkTarget($"/proc/{process}/ns/mnt", false)!.Name;
}
