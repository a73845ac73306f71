using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class RestoreTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_restored_container_goes_on_counting_and_ends_the_runtime_with_its_own_status()
    {
        SavedContainer saved = Save(script: SavedContainer.Counting + "; exit 7");

        RunningTool restore = saved.StartRestore();
        saved.ShouldCount("three", 3);
        Assert.Equal("running", saved.Container.Status);

        Assert.Equal(7, restore.Wait().ExitCode);
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
    }

    [Fact]
    public void A_container_can_be_saved_and_restored_again_and_again()
    {
        SavedContainer saved = Save();

        for (int i = 3; i < 6; i++)
        {
            saved.Restore().ShouldSucceed();
            saved.ShouldCount("line", i);
            saved.Checkpoint().ShouldSucceed();
        }
    }

    [Fact]
    public void A_restored_container_is_one_like_any_other()
    {
        SavedContainer saved = Save();
        string file = _runtime.Folder.At("pid");
        saved.Restore("--pid-file", file).ShouldSucceed();
        OciContainer container = saved.Container;

        Assert.Equal($"{container.ProcessId}", File.ReadAllText(file));
        Assert.Equal([container.ProcessId], Processes.In(container));
        Assert.Contains(
            container.Id,
            File.ReadAllText($"/proc/{container.ProcessId}/cgroup"),
            StringComparison.Ordinal
        );
        Assert.Equal(["sh"], container.Exec("cat", "/proc/1/comm").ShouldSucceed().Lines);
        Assert.Equal("", container.Exec("cat", "/proc/keys").ShouldSucceed().Output);
        container.Exec("sh", "-c", "echo 1 >/proc/sys/kernel/panic").ShouldExitWith(1);
        Assert.Equal("1", Processes.Status(container.ProcessId, "NoNewPrivs"));
        container.Do("pause").ShouldSucceed();
        Assert.Equal("paused", container.Status);
        container.Do("resume").ShouldSucceed();
        container.Stop();
        Assert.Equal("stopped", container.Status);
        container.Do("delete").ShouldSucceed();
        Traces.ShouldBeNone(_runtime.Root, container.Id);
    }

    [Fact]
    public void The_limits_of_its_configuration_are_in_force()
    {
        SavedContainer saved = Save(config =>
            config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 17 }
        );
        saved.Restore().ShouldSucceed();

        string file = Directory
            .EnumerateFiles("/sys/fs/cgroup", "pids.max", SearchOption.AllDirectories)
            .Single(path => path.Contains(saved.Container.Id, StringComparison.Ordinal));

        Assert.Equal("17\n", File.ReadAllText(file));
    }

    [Fact]
    public void What_is_bound_into_it_is_the_hosts_as_it_is_now()
    {
        string folder = _runtime.Folder.At("shared");
        Directory.CreateDirectory(Path.Combine(folder, "below"));
        string file = _runtime.Folder.Write("file", "before\n");
        SavedContainer saved = Save(config =>
        {
            ConfigMounts.Add(config, "/var", "bind", folder, "rbind", "ro");
            ConfigMounts.Add(config, "/var/below", "tmpfs", "tmpfs");
            ConfigMounts.Add(config, "/etc/passwd", "bind", file, "bind");
        });
        File.WriteAllText(file, "after\n");
        File.WriteAllText(Path.Combine(folder, "new"), "new\n");

        saved.Restore().ShouldSucceed();

        Assert.Equal(["after"], saved.Container.Exec("cat", "/etc/passwd").ShouldSucceed().Lines);
        Assert.Equal(["new"], saved.Container.Exec("cat", "/var/new").ShouldSucceed().Lines);
        saved.Container.Exec("touch", "/var/other").ShouldExitWith(1);
        saved.Container.Exec("touch", "/var/below/file").ShouldSucceed();
        Assert.False(File.Exists(Path.Combine(folder, "below", "file")));
    }

    [Fact]
    public void A_bind_mount_may_be_behind_a_symlink()
    {
        string folder = _runtime.Folder.At("shared");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "name"), "it is there\n");
        using TemporaryDirectory place = new();
        string rootfs = BusyboxRootfs.Create(place.At("rootfs"));
        Directory.CreateDirectory(Path.Combine(rootfs, "real"));
        File.CreateSymbolicLink(Path.Combine(rootfs, "link"), "/real");
        SavedContainer saved = Save(config =>
        {
            config["root"]!["path"] = rootfs;
            ConfigMounts.Add(config, "/link", "bind", folder, "bind");
        });

        saved.Restore().ShouldSucceed();

        Assert.Equal(["it is there"], saved.Container.Exec("cat", "/real/name").ShouldSucceed().Lines);
    }

    [Fact]
    public void Mount_points_are_made_in_a_root_file_system_that_is_new()
    {
        using TemporaryDirectory place = new();
        string rootfs = BusyboxRootfs.Create(place.At("rootfs"));
        SavedContainer saved = Save(config =>
        {
            config["root"]!["path"] = rootfs;
            config["root"]!["readonly"] = false;
            ConfigMounts.Add(config, "/made/for/it", "tmpfs", "tmpfs");
        });
        Directory.Delete(Path.Combine(rootfs, "made"), recursive: true);

        saved.Restore().ShouldSucceed();

        saved.ShouldCount("three", 3);
        Assert.True(Directory.Exists(Path.Combine(rootfs, "made", "for", "it")));
    }

    [Fact]
    public void A_container_with_a_user_namespace_is_restored_with_its_maps()
    {
        using TemporaryDirectory place = new();
        string rootfs = BusyboxRootfs.Create(place.At("rootfs"));
        SavedContainer saved = Save(config =>
        {
            config["root"]!["path"] = rootfs;
            UserNamespaces.Add(config);
        });

        saved.Restore().ShouldSucceed();

        saved.ShouldCount("three", 3);
        Assert.Equal(
            $"0 {UserNamespaces.First} 65536",
            string.Join(
                ' ',
                File.ReadAllText($"/proc/{saved.Container.ProcessId}/uid_map")
                    .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            )
        );
    }

    [Fact]
    public void A_network_namespace_that_was_joined_is_joined_again()
    {
        OciContainer other = _runtime.Create().Start();
        string path = $"/proc/{other.ProcessId}/ns/net";
        SavedContainer saved = Save(config => Namespaces.Set(config, "network", path));

        saved.Restore().ShouldSucceed();

        saved.ShouldCount("three", 3);
        Assert.Equal(
            File.ResolveLinkTarget(path, false)!.Name,
            File.ResolveLinkTarget($"/proc/{saved.Container.ProcessId}/ns/net", false)!.Name
        );
    }

    [Fact]
    public void The_loopback_interface_of_its_own_network_is_up()
    {
        SavedContainer saved = Save();

        saved.Restore().ShouldSucceed();

        Assert.Contains(
            "LOOPBACK,UP",
            saved.Container.Exec("ip", "link", "show", "lo").ShouldSucceed().Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Hooks_that_make_its_surroundings_run_again_and_the_last_ones_after_each_end()
    {
        string log = _runtime.Folder.At("log");
        SavedContainer saved = Save(config =>
        {
            foreach (string kind in HookConfig.Kinds)
            {
                HookConfig.Add(config, kind, $"echo $0 >>'{log}'");
            }

            // The others are the container's own programs, which cannot write to the log.
            config["hooks"]!.AsObject().Remove("startContainer");
        });
        Assert.Equal(["prestart", "createRuntime", "createContainer", "poststart", "poststop"], File.ReadAllLines(log));
        File.Delete(log);

        saved.Restore().ShouldSucceed();
        Assert.Equal(["prestart", "createRuntime"], File.ReadAllLines(log));
        saved.Container.DoWith("delete", "--force").ShouldSucceed();

        Assert.Equal(["prestart", "createRuntime", "poststop"], File.ReadAllLines(log));
    }

    [Fact]
    public void A_hook_that_fails_leaves_nothing()
    {
        string file = _runtime.Folder.At("file");
        SavedContainer saved = Save(config => HookConfig.Add(config, "createRuntime", $"! test -e '{file}'"));
        File.WriteAllText(file, "");

        Assert.StartsWith(
            "tare-oci: error running createRuntime hook #0: exit status 1",
            saved.Restore().ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
    }

    /// <summary>It is made before the processes are, as the cgroups are.</summary>
    [Fact]
    public void A_class_of_service_that_cannot_be_had_is_an_error_and_nothing_is_left()
    {
        Assert.SkipWhen(
            File.ReadAllText("/proc/self/mountinfo").Contains(" - resctrl ", StringComparison.Ordinal),
            "needs a machine without resctrl"
        );
        SavedContainer saved = Save();
        string file = Path.Combine(saved.Container.Bundle.Path, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(file))!;
        config["linux"]!["intelRdt"] = new JsonObject { ["enableMonitoring"] = true };
        File.WriteAllText(file, config.ToJsonString());

        Assert.StartsWith(
            "tare-oci: linux.intelRdt: no resctrl file system is mounted",
            saved.Restore().ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
    }

    [Fact]
    public void Pages_that_nobody_serves_are_an_error_that_says_how_to_and_nothing_is_left()
    {
        SavedContainer saved = Save();

        Assert.Equal(
            $"tare-oci: --lazy-pages: '{saved.Images}/lazy-pages.socket': ENOENT "
                + $"(start 'criu lazy-pages' with --work-dir '{saved.Images}' first)\n",
            saved.Restore("--lazy-pages").ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
    }

    [Fact]
    public void The_terminal_goes_to_the_console_socket_again()
    {
        using ListeningSocket socket = new(_runtime.Folder.At("console.sock"));
        SavedContainer saved = SaveOnTerminal(
            socket,
            before =>
            {
                before.Type("one\n");
                before.WaitForText("one is 1\r\n");
            }
        );

        saved.Restore("--console-socket", socket.Path).ShouldSucceed();

        (string name, Linux.FileFd master) = socket.Take();
        using TerminalSide after = new(master);
        Assert.Equal("/dev/ptmx", name);
        after.Type("two\n");
        after.WaitForText("two is 2\r\n");
        Assert.Equal(["/dev/pts/0"], saved.Container.Exec("readlink", "/proc/1/fd/0").ShouldSucceed().Lines);
    }

    [Fact]
    public void The_terminal_in_the_foreground_is_the_persons()
    {
        using ListeningSocket socket = new(_runtime.Folder.At("console.sock"));
        SavedContainer saved = SaveOnTerminal(socket);

        using PersonsTerminal person = new();
        person.Start(
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            "restore",
            "--image-path",
            saved.Images,
            "--bundle",
            saved.Container.Bundle.Path,
            saved.Container.Id
        );
        person.Screen.Type("one\r");
        person.Screen.WaitForText("one is 1\r\n");
        person.Screen.Type("\x04");

        Assert.Equal(0, person.WaitForEnd().Status);
    }

    [Fact]
    public void A_terminal_needs_somewhere_to_go_in_the_background()
    {
        using ListeningSocket socket = new(_runtime.Folder.At("console.sock"));
        SavedContainer saved = SaveOnTerminal(socket);

        Assert.StartsWith(
            "tare-oci: process.terminal: ",
            saved.Restore().ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_id_that_is_taken_is_refused_and_its_container_runs_on()
    {
        SavedContainer saved = new(_runtime);
        saved.ShouldCount("one", 1);
        saved.Checkpoint("--leave-running").ShouldSucceed();
        RunningTool counting = saved.Now;

        Assert.Equal(
            $"tare-oci: container with id '{saved.Container.Id}' already exists (delete it, or choose another id)\n",
            saved.Restore().ShouldExitWith(1).Errors
        );

        counting.Input.Write("two\n");
        counting.WaitForText("two is 2");
    }

    [Fact]
    public void A_directory_without_images_is_refused()
    {
        Criu.Require();
        Bundle bundle = _runtime.NewBundle(["true"]);
        string images = _runtime.Folder.At("images");
        string id = _runtime.NewId();

        Assert.Equal(
            $"tare-oci: open '{images}/descriptors.json': ENOENT (name the directory of a checkpoint by --image-path)\n",
            _runtime.Do("restore", "--bundle", bundle.Path, "--image-path", images, id).ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id);
    }

    [Fact]
    public void A_failure_names_the_error_and_the_log_and_leaves_nothing()
    {
        SavedContainer saved = Save();
        string image = Path.Combine(saved.Images, "core-1.img");
        File.WriteAllBytes(image, File.ReadAllBytes(image)[..100]);

        ToolResult failed = saved.Restore().ShouldExitWith(1);

        Assert.Matches(
            $"^tare-oci: restore container {saved.Container.Id}: Error \\(criu/protobuf.*\\): Read .*core-1.img.* "
                + $"\\(see {saved.Images}/restore.log\\)\n$",
            failed.Errors
        );
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
    }

    [Fact]
    public void Streams_that_were_files_of_the_host_go_on_where_they_were_and_the_null_device_stays_what_it_was()
    {
        Criu.Require();
        string folder = _runtime.Folder.Path;
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle([
            "sh",
            "-c",
            "i=0; while read -r line; do i=$((i+1)); echo \"$line is $i\"; test $i = 1 && mkfifo /dev/shm/f && read x </dev/shm/f; done",
        ]);

        ToolResult result = _runtime.Shell(
            """
            cd "$1"; printf 'one\ntwo\n' >in
            oci run --detach --bundle "$2" "$3" <in >>out 2>/dev/null
            until oci exec "$3" test -p /dev/shm/f; do :; done
            oci checkpoint --image-path images "$3"
            oci restore --image-path images --bundle "$2" "$3" <in >>out &
            # The program may end, and whoever writes with it, before the writer has told so.
            until oci exec "$3" sh -c 'echo >/dev/shm/f' 2>/dev/null || ! kill -0 $! 2>/dev/null; do :; done
            wait $!; cat out
            """,
            folder,
            bundle.Path,
            id
        );

        Assert.Equal(["one is 1", "two is 2"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_criu_that_comes_to_no_end_is_told_and_leaves_nothing()
    {
        SavedContainer saved = Save();
        File.Delete(Path.Combine(saved.Images, "pstree.img"));

        Assert.StartsWith(
            $"tare-oci: restore container {saved.Container.Id}: ",
            saved.Restore().ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
    }

    [Fact]
    public void An_option_with_one_dash_is_understood()
    {
        SavedContainer saved = Save();

        // As go-runc writes it.
        saved.Restore("-no-subreaper").ShouldSucceed();

        saved.ShouldCount("three", 3);
    }

    public void Dispose() => _runtime.Dispose();

    private SavedContainer SaveOnTerminal(ListeningSocket socket, Action<TerminalSide>? use = null)
    {
        SavedContainer saved = new(
            _runtime,
            config => config["process"]!["terminal"] = true,
            options: ["--console-socket", socket.Path]
        );
        using TerminalSide before = new(socket.Take().Descriptor);
        before.WaitForText("ready");
        use?.Invoke(before);
        saved.Checkpoint().ShouldSucceed();
        return saved;
    }

    private SavedContainer Save(Action<JsonObject>? edit = null, string script = SavedContainer.Counting)
    {
        SavedContainer saved = new(_runtime, edit, script);
        saved.ShouldCount("one", 1);
        saved.ShouldCount("two", 2);
        saved.Checkpoint().ShouldSucceed();
        return saved;
    }
}
