using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class RootlessTests : IDisposable
{
    private readonly OrdinaryUser _user = new();

    [Fact]
    public void The_configuration_that_spec_writes_for_a_user_runs()
    {
        ToolResult run = Run("id -u; awk '{ print $1, $2, $3 }' /proc/self/uid_map /proc/self/gid_map; hostname");

        Assert.Equal(["0", "0 54321 1", "0 54321 1", "runc"], run.ShouldSucceed().Lines);
    }

    [Fact]
    public void Programs_that_are_added_have_the_containers_oom_score()
    {
        string id = _user.NewId();
        Bundle bundle = _user.NewBundle(["sleep", "1000"], config => config["process"]!["oomScoreAdj"] = 300);
        RunningTool run = _user.Start("run", "-d", "--bundle", bundle.Path, id);
        Assert.True(run.WaitForExit() == 0, run.Errors);

        Assert.Equal(["300"], _user.Do("exec", id, "cat", "/proc/self/oom_score_adj").ShouldSucceed().Lines);
    }

    // Who maps his own group alone has had to forbid setgroups before.
    [Theory]
    [InlineData("user")]
    [InlineData("user", "mount")]
    public void Namespaces_that_the_user_has_made_are_joined(params string[] kinds)
    {
        RunningTool holder = _user.StartTool([
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "echo $$ ready; exec sleep 1000",
        ]);
        holder.WaitForText("ready");
        int process = int.Parse(holder.Output.Split(' ')[0], CultureInfo.InvariantCulture);

        ToolResult run = Run(
            "id -u; readlink /proc/self/ns/user; readlink /proc/self/ns/mnt; ls / | grep -c proc",
            config =>
            {
                config["linux"]!.AsObject().Remove("uidMappings");
                config["linux"]!.AsObject().Remove("gidMappings");
                foreach (string kind in kinds)
                {
                    Namespaces.Set(
                        config,
                        kind,
                        $"/proc/{process}/ns/{kind.Replace("mount", "mnt", StringComparison.Ordinal)}"
                    );
                }
            }
        );

        string[] lines = run.ShouldSucceed().Lines;
        Assert.Equal(["0", Identity("user"), "1"], [lines[0], lines[1], lines[3]]);
        Assert.Equal(kinds.Contains("mount"), lines[2] == Identity("mnt"));
        Assert.DoesNotContain(_user.Root, File.ReadAllText($"/proc/{process}/mountinfo"), StringComparison.Ordinal);

        string Identity(string kind) => File.ResolveLinkTarget($"/proc/{process}/ns/{kind}", false)!.Name;
    }

    [Fact]
    public void Files_that_the_containers_root_makes_are_the_users()
    {
        Run("touch /tmp/file", config => ConfigMounts.Add(config, "/tmp", "bind", _user.Home, "rbind")).ShouldSucceed();

        Assert.Equal(["54321:54321"], Tool.Run("stat", "-c", "%u:%g", Path.Combine(_user.Home, "file")).Lines);
    }

    [Fact]
    public void Many_ids_are_mapped_by_the_helpers_that_may()
    {
        ToolResult run = Run(
            "id -u; id -G; awk '{ print $1, $2, $3 }' /proc/self/uid_map; touch /tmp/file; chown 7:8 /tmp/file",
            config =>
            {
                UserNamespaces.Add(config, (0, OrdinaryUser.Id, 1), (1, OrdinaryUser.FirstSubordinate, 65535));
                config["process"]!["user"]!["additionalGids"] = new JsonArray(5);
                Capabilities.Add(config, "CAP_CHOWN");
                ConfigMounts.Add(config, "/tmp", "bind", _user.Home, "rbind");
            }
        );

        Assert.Equal(["0", "0 5", "0 54321 1", "1 400000 65535"], run.ShouldSucceed().Lines);
        Assert.Equal(["400006:400007"], Tool.Run("stat", "-c", "%u:%g", Path.Combine(_user.Home, "file")).Lines);
    }

    [Fact]
    public void What_a_tmpfs_covers_is_copied_into_it_whoever_of_the_container_owns_it()
    {
        string data = Path.Combine(_user.Home, "data");
        Tool.Run(
                "sh",
                "-c",
                $"mkdir {data} && echo private >{data}/file && mkfifo {data}/fifo && chmod 600 {data}/* && chmod 700 {data} "
                    + $"&& chown -R {OrdinaryUser.FirstSubordinate + 6}:{OrdinaryUser.FirstSubordinate + 7} {data}"
            )
            .ShouldSucceed();

        ToolResult run = Run(
            "stat -c '%n %F %a %u:%g' /tmp /tmp/*; cat /tmp/file",
            config =>
            {
                UserNamespaces.Add(config, (0, OrdinaryUser.Id, 1), (1, OrdinaryUser.FirstSubordinate, 65535));
                Capabilities.Add(config, "CAP_DAC_OVERRIDE");
                ConfigMounts.Add(config, "/tmp", "bind", data, "bind");
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs", "tmpcopyup", "nosuid", "nodev");
            }
        );

        Assert.Equal(
            ["/tmp directory 700 7:8", "/tmp/fifo fifo 600 7:8", "/tmp/file regular file 600 7:8", "private"],
            run.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Ids_that_are_not_the_users_are_refused_with_the_helpers_reason()
    {
        string id = _user.NewId();
        Bundle bundle = _user.NewBundle(
            ["true"],
            config => UserNamespaces.Add(config, (0, OrdinaryUser.Id, 1), (1, 1, 10))
        );

        ToolResult run = _user.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains("tare-oci: newgidmap ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("EPERM (the ranges must be this user's in '/etc/subgid'", run.Errors, StringComparison.Ordinal);
        Traces.ShouldBeNone(_user.Root, id, bundle.Path);
    }

    [Fact]
    public void Without_a_user_namespace_the_configuration_is_refused()
    {
        ToolResult run = Run("true", config => Namespaces.Remove(config, "user")).ShouldExitWith(1);

        Assert.Equal(
            "tare-oci: linux.namespaces: an ordinary user needs a user namespace (add {\"type\": \"user\"} with mappings, "
                + "as spec --rootless does)\n",
            run.Errors
        );
    }

    [Fact]
    public void Supplementary_groups_are_refused_where_a_user_maps_one_group_alone()
    {
        ToolResult run = Run("true", config => config["process"]!["user"]!["additionalGids"] = new JsonArray(0))
            .ShouldExitWith(1);

        Assert.StartsWith("tare-oci: process.user.additionalGids: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_without_limits_goes_without_a_cgroup_and_the_log_says_so()
    {
        string id = _user.NewId();
        string log = Path.Combine(_user.Home, "log");

        _user.Do("--log", log, "run", "--bundle", _user.NewBundle(["true"], Devices).Path, id).ShouldSucceed();

        Assert.Contains("level=warning", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.Contains("the container has no cgroup of its own", File.ReadAllText(log), StringComparison.Ordinal);

        static void Devices(JsonObject config) =>
            config["linux"]!["resources"] = new JsonObject
            {
                ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }),
            };
    }

    [Theory]
    [InlineData("memory", "limit", "memory.limit")]
    [InlineData("pids", "limit", "pids.limit")]
    [InlineData("cpu", "shares", "cpu.shares")]
    public void A_limit_that_cannot_be_had_is_named_and_given_up_only_when_that_is_asked_for(
        string controller,
        string limit,
        string property
    )
    {
        string id = _user.NewId();
        Bundle bundle = _user.NewBundle(
            ["echo", "it runs"],
            config =>
                config["linux"]!["resources"] = new JsonObject { [controller] = new JsonObject { [limit] = 100 << 20 } }
        );

        ToolResult refused = _user.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);
        ToolResult forced = _user.Do("--rootless", "true", "run", "--bundle", bundle.Path, id);

        Assert.StartsWith(
            $"tare-oci: linux.resources.{property}: create cgroup '/sys/fs/cgroup/",
            refused.Errors,
            StringComparison.Ordinal
        );
        Assert.Contains(": EACCES (", refused.Errors, StringComparison.Ordinal);
        Assert.Single(refused.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal(["it runs"], forced.ShouldSucceed().Lines);
        Traces.ShouldBeNone(_user.Root, id, bundle.Path);
    }

    [Fact]
    public void A_container_goes_through_its_life()
    {
        string id = _user.NewId();
        RunningTool create = _user.Start("create", "--bundle", _user.NewBundle(["sleep", "1000"]).Path, id);
        Assert.True(create.WaitForExit() == 0, create.Errors);
        Assert.Equal("created", (string?)State(id)["status"]);
        Assert.Equal(["0"], _user.Do("exec", id, "id", "-u").ShouldSucceed().Lines);

        _user.Do("start", id).ShouldSucceed();

        Assert.Equal("running", (string?)State(id)["status"]);
        Assert.Equal("tester", (string?)State(id)["owner"]);
        Assert.Equal($"[{(int)State(id)["pid"]!}]\n", _user.Do("ps", "-f", "json", id).ShouldSucceed().Output);
        Assert.Equal(["0"], _user.Do("exec", id, "id", "-u").ShouldSucceed().Lines);
        using Ending ending = Ending.Of((int)State(id)["pid"]!);
        _user.Do("kill", id, "KILL").ShouldSucceed();
        ending.Wait();
        Assert.Equal("stopped", (string?)State(id)["status"]);
        _user.Do("delete", id).ShouldSucceed();
        Traces.ShouldBeNone(_user.Root, id);
    }

    [Fact]
    public void A_container_that_has_no_cgroup_cannot_be_paused()
    {
        string id = _user.NewId();
        RunningTool run = _user.Start("run", "-d", "--bundle", _user.NewBundle(["sleep", "1000"]).Path, id);
        Assert.True(run.WaitForExit() == 0, run.Errors);

        Assert.Equal(
            "tare-oci: the container has no cgroup that can be frozen (run it as root, or with a delegated cgroup)\n",
            _user.Do("pause", id).ShouldExitWith(1).Errors
        );
        _user.Do("delete", "--force", id).ShouldSucceed();
        Traces.ShouldBeNone(_user.Root, id);
    }

    [Fact]
    public void Every_process_of_a_container_without_a_cgroup_is_listed()
    {
        string id = _user.NewId();
        RunningTool run = _user.Start(
            "run",
            "-d",
            "--bundle",
            _user.NewBundle(["sh", "-c", "sleep 1000 & echo ready; exec sleep 1000"]).Path,
            id
        );
        Assert.True(run.WaitForExit() == 0, run.Errors);
        run.WaitForText("ready");

        Assert.Equal(2, JsonNode.Parse(_user.Do("ps", "-f", "json", id).ShouldSucceed().Output)!.AsArray().Count);
        _user.Do("kill", "--all", id, "KILL").ShouldSucceed();
    }

    [Fact]
    public void A_terminal_is_the_containers_roots()
    {
        string id = _user.NewId();
        using ListeningSocket socket = new(Path.Combine(_user.Home, "console.sock"));
        Tool.Run("chmod", "666", socket.Path).ShouldSucceed();
        RunningTool create = _user.Start(
            "create",
            "--console-socket",
            socket.Path,
            "--bundle",
            _user.NewBundle(["tty"], config => config["process"]!["terminal"] = true).Path,
            id
        );
        Assert.True(create.WaitForExit() == 0, create.Errors);
        using TerminalSide terminal = new(socket.Take().Descriptor);

        _user.Do("start", id).ShouldSucceed();

        Assert.Equal("/dev/pts/0\r\n", terminal.ReadToEnd());
    }

    [Fact]
    public void Without_a_root_state_lies_in_the_users_runtime_directory()
    {
        string id = _user.NewId();
        RunningTool run = _user.StartTool([
            "env",
            $"XDG_RUNTIME_DIR={_user.Home}",
            OciRuntime.Program,
            "run",
            "--bundle",
            _user.NewBundle(["sh", "-c", "echo ready; read line"]).Path,
            id,
        ]);
        run.WaitForText("ready");

        Assert.True(Directory.Exists(Path.Combine(_user.Home, "tare", id)));
        run.Input.Write("\n");
        run.Wait().ShouldSucceed();
        Assert.False(Directory.Exists(Path.Combine(_user.Home, "tare", id)));
    }

    [Theory]
    [InlineData("--map-auto")]
    [InlineData("--map-root-user")]
    public void The_root_of_a_user_namespace_as_whom_Podman_calls_needs_no_other_one(string groups)
    {
        string id = _user.NewId();
        Bundle bundle = _user.NewBundle(
            ["sh", "-c", "stat -c %t:%T /dev/null; echo text >/dev/null && echo ready; read line"],
            config =>
            {
                JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
                namespaces.Remove(namespaces.Single(entry => (string?)entry!["type"] == "user"));
                config["linux"]!.AsObject().Remove("uidMappings");
                config["linux"]!.AsObject().Remove("gidMappings");
            }
        );
        RunningTool run = _user.StartTool([
            "unshare",
            "--user",
            "--map-root-user",
            groups,
            "--mount",
            "env",
            "--unset=USER",
            $"XDG_RUNTIME_DIR={_user.Home}",
            OciRuntime.Program,
            "run",
            "--bundle",
            bundle.Path,
            id,
        ]);
        run.WaitForText("ready");

        Assert.True(Directory.Exists(Path.Combine(_user.Home, "tare", id)));
        run.Input.Write("\n");
        Assert.Equal(["1:3", "ready"], run.Wait().ShouldSucceed().Lines);
    }

    public void Dispose() => _user.Dispose();

    private JsonNode State(string id) => JsonNode.Parse(_user.Do("state", id).ShouldSucceed().Output)!;

    private ToolResult Run(string script, Action<JsonObject>? edit = null) =>
        _user.Do("run", "--bundle", _user.NewBundle(["sh", "-c", script], edit).Path, _user.NewId());
}
