using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary><c>state --observed</c>: what really holds, and what does not although it was asked for.</summary>
public sealed class ObservedStateTests : IDisposable
{
    private const long Memory = 64 << 20;
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Everything_holds_that_was_asked_for()
    {
        OciContainer container = _runtime.Create(edit: EverythingAsked).Start();

        JsonNode state = Observe(container);

        Assert.Equal("[]", state["differences"]!.ToJsonString());
        Assert.Equal("running", (string?)state["status"]);
        JsonNode observed = state["observed"]!;
        Assert.Null(observed["unobserved"]);
        Assert.Equal("observed-host", (string?)observed["hostname"]);
        Assert.Equal("027", (string?)observed["umask"]);
        Assert.Equal(1000, (int)observed["uid"]!["effective"]!);
        Assert.Equal("[7,8]", observed["additionalGids"]!.ToJsonString());
        Assert.Equal("""["CAP_KILL"]""", observed["capabilities"]!["ambient"]!.ToJsonString());
        Assert.True((bool)observed["noNewPrivileges"]!);
        Assert.Equal("filter", (string?)observed["seccomp"]!["mode"]);
        Assert.Equal(100, (int)observed["oomScoreAdj"]!);
        Assert.Equal(5, (int)observed["scheduler"]!["nice"]!);
    }

    [Fact]
    public void Namespaces_are_told_by_their_number_and_whether_they_are_shared()
    {
        OciContainer container = _runtime.Create();

        JsonNode observed = Observe(container)["observed"]!;

        foreach (JsonNode? found in observed["namespaces"]!.AsArray())
        {
            string file = (string)found!["type"]! switch
            {
                "mount" => "mnt",
                "network" => "net",
                var other => other,
            };
            string link = new FileInfo($"/proc/{container.ProcessId}/ns/{file}").LinkTarget!;
            Assert.Equal($"{file}:[{(ulong)found["inode"]!}]", link);
            Assert.Equal(link == new FileInfo($"/proc/self/ns/{file}").LinkTarget, (bool)found["shared"]!);
        }

        Assert.Equal(8, observed["namespaces"]!.AsArray().Count);
    }

    [Fact]
    public void A_resource_limit_that_was_changed_from_outside_is_a_difference()
    {
        OciContainer container = _runtime.Create(edit: EverythingAsked).Start();
        string[] change = ["--pid", $"{container.ProcessId}", "--nofile=500:1000"];

        // By its own user, as root may need a capability that it lacks.
        Tool.Run(Require.Program("prlimit"), change, new ToolOptions { User = 1000 }).ShouldSucceed();

        Assert.Equal(
            ["process.rlimits.RLIMIT_NOFILE: soft 512, hard 1024 / soft 500, hard 1000"],
            Differences(container)
        );
    }

    [Fact]
    public void A_cgroup_limit_that_was_changed_from_outside_is_a_difference()
    {
        OciContainer container = _runtime.Create(edit: EverythingAsked).Start();
        container.DoWith("update", "--pids-limit", "31").ShouldSucceed();

        Assert.Equal(["linux.resources.pids.limit: pids.max 30 / 31"], Differences(container));
    }

    [Fact]
    public void A_mount_that_is_gone_or_changed_is_a_difference()
    {
        OciContainer container = _runtime.Create(edit: EverythingAsked).Start();
        InMountsOf(container, "umount /var && mount -o remount,bind,rw,nosuid,nodev,noexec /proc/sys");

        string[] differences = Differences(container);

        Assert.Equal(
            ["linux.readonlyPaths./proc/sys: read-only / writable", "mounts./var: a mount / nothing is mounted there"],
            differences.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Owners_that_a_mount_shows_otherwise_are_a_difference()
    {
        string shown = Directory.CreateDirectory(_runtime.Folder.At("shown")).FullName;
        OciContainer container = _runtime
            .Create(edit: config =>
                config["mounts"]!
                    .AsArray()
                    .Add(
                        new JsonObject
                        {
                            ["destination"] = "/var",
                            ["type"] = "bind",
                            ["source"] = shown,
                            ["options"] = new JsonArray("rbind", "idmap"),
                            ["uidMappings"] = new JsonArray(
                                new JsonObject
                                {
                                    ["containerID"] = 0,
                                    ["hostID"] = 1234,
                                    ["size"] = 5,
                                }
                            ),
                            ["gidMappings"] = new JsonArray(
                                new JsonObject
                                {
                                    ["containerID"] = 0,
                                    ["hostID"] = 4321,
                                    ["size"] = 5,
                                }
                            ),
                        }
                    )
            )
            .Start();
        Assert.Empty(Differences(container));

        // Over it comes something whose owners are shown as they are.
        InMountsOf(container, "mount -t tmpfs plain /var");

        ulong any = Mounts.ListMounts() is { Ok: true } listed ? listed.Value[0] : 0;
        Assert.SkipUnless(
            Mounts.StatMount(any) is { Ok: true, Value: var status }
                && (status.Supported & StatMountMask.STATMOUNT_MNT_UIDMAP) != 0,
            "needs STATMOUNT_MNT_UIDMAP (Linux 6.15)"
        );
        Assert.Equal(
            ["mounts./var.uidMappings: 0 1234 5 / none", "mounts./var.gidMappings: 0 4321 5 / none"],
            Differences(container)
        );
    }

    [Fact]
    public void A_masked_path_that_is_open_again_is_a_difference()
    {
        OciContainer container = _runtime.Create(edit: EverythingAsked).Start();
        InMountsOf(container, "umount /proc/keys");

        Assert.Equal(["linux.maskedPaths./proc/keys: masked / not masked"], Differences(container));
    }

    [Fact]
    public void A_name_and_a_mask_that_the_program_changed_are_differences()
    {
        OciContainer container = _runtime.Create(
            ["sh", "-c", "hostname other; umask 0; echo done; sleep 1000"],
            config =>
            {
                config["hostname"] = "first";
                config["process"]!["user"]!["umask"] = 18;
                Capabilities.Add(config, "CAP_SYS_ADMIN");
            }
        );
        container.Start().Creation.WaitForText("done");

        Assert.Equal(["hostname: first / other", "process.user.umask: 022 / 00"], Differences(container));
    }

    [Fact]
    public void Numbers_of_users_are_those_inside()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                UserNamespaces.Add(config);
                config["process"]!["user"] = new JsonObject
                {
                    ["uid"] = 5,
                    ["gid"] = 6,
                    ["additionalGids"] = new JsonArray(9),
                };
            })
            .Start();

        JsonNode state = Observe(container);

        Assert.Equal("[]", state["differences"]!.ToJsonString());
        Assert.Equal(5, (int)state["observed"]!["uid"]!["saved"]!);
        Assert.Equal(6, (int)state["observed"]!["gid"]!["fileSystem"]!);
        Assert.Equal("[9]", state["observed"]!["additionalGids"]!.ToJsonString());
    }

    [Fact]
    public void Symlinks_that_are_copied_and_covered_are_no_difference()
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        string link = _runtime.Folder.At("link");
        File.CreateSymbolicLink(link, "/tmp");
        File.CreateSymbolicLink(Path.Combine(rootfs, "covered"), "/tmp");
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                config["root"]!["path"] = rootfs;
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                ConfigMounts.Add(config, "/copied", "bind", link, "bind", "ro", "copy-symlink");
                ConfigMounts.Add(config, "/covered", "bind", link, "bind", "ro", "src-nofollow", "dest-nofollow");
            })
            .Start();

        JsonNode state = Observe(container);

        Assert.Equal("[]", state["differences"]!.ToJsonString());
        Assert.Equal("""["mounts./copied"]""", state["observed"]!["unobserved"]!.ToJsonString());
    }

    [Fact]
    public void An_ordinary_user_sees_what_holds_and_is_told_what_is_not_to_be_seen()
    {
        using OrdinaryUser user = new();
        string id = user.NewId();
        Bundle bundle = user.NewBundle(["sleep", "1000"]);
        RunningTool run = user.Start("run", "--detach", "--bundle", bundle.Path, id);
        Assert.True(run.WaitForExit() == 0, run.Errors);

        JsonNode state = JsonNode.Parse(user.Do("state", "--observed", id).ShouldSucceed().Output)!;

        Assert.Equal("[]", state["differences"]!.ToJsonString());
        Assert.Equal(0, (int)state["observed"]!["uid"]!["effective"]!);
        Assert.Equal("""["hostname"]""", state["observed"]!["unobserved"]!.ToJsonString());
        Assert.NotEmpty(state["observed"]!["mounts"]!.AsArray());
    }

    [Fact]
    public void Of_a_container_that_waits_what_it_still_does_is_not_compared()
    {
        OciContainer container = _runtime.Create(edit: EverythingAsked);

        Assert.Equal("[]", Observe(container)["differences"]!.ToJsonString());
    }

    [Fact]
    public void Of_a_container_that_has_ended_nothing_holds()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        Assert.Equal(
            "tare-oci: container not running\n",
            container.DoWith("state", "--observed").ShouldExitWith(1).Errors
        );
    }

    public void Dispose() => _runtime.Dispose();

    private static void EverythingAsked(JsonObject config)
    {
        JsonNode process = config["process"]!;
        process["user"] = new JsonObject
        {
            ["uid"] = 1000,
            ["gid"] = 1000,
            ["umask"] = 23,
            ["additionalGids"] = new JsonArray(8, 7),
        };
        process["noNewPrivileges"] = true;
        process["oomScoreAdj"] = 100;
        process["scheduler"] = new JsonObject { ["policy"] = "SCHED_OTHER", ["nice"] = 5 };
        process["rlimits"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "RLIMIT_NOFILE",
                ["soft"] = 512,
                ["hard"] = 1024,
            }
        );
        foreach (string set in (string[])["bounding", "effective", "permitted", "inheritable", "ambient"])
        {
            process["capabilities"]![set] = new JsonArray("CAP_KILL");
        }

        config["hostname"] = "observed-host";
        config["mounts"]!
            .AsArray()
            .Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["destination"] = "/var",
                        ["type"] = "tmpfs",
                        ["source"] = "tmpfs",
                        ["options"] = new JsonArray("nosuid", "ro", "size=64k"),
                    }
            );
        JsonNode linux = config["linux"]!;
        linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["syscalls"] = new JsonArray(
                new JsonObject { ["names"] = new JsonArray("swapon"), ["action"] = "SCMP_ACT_ERRNO" }
            ),
        };
        JsonNode resources = linux["resources"]!;
        resources["memory"] = new JsonObject { ["limit"] = Memory + 100, ["reservation"] = Memory / 2 };
        resources["pids"] = new JsonObject { ["limit"] = 30 };
        resources["cpu"] = new JsonObject
        {
            ["shares"] = 512,
            ["quota"] = 50_000,
            ["period"] = 100_000,
            ["cpus"] = "0,1",
        };
    }

    private static JsonNode Observe(OciContainer container) =>
        JsonNode.Parse(container.DoWith("state", "--observed").ShouldSucceed().Output)!;

    private static string[] Differences(OciContainer container) =>
        [
            .. Observe(container)["differences"]!
                .AsArray()
                .Select(difference =>
                    $"{(string)difference!["property"]!}: {(string)difference["expected"]!} / {(string)difference["observed"]!}"
                ),
        ];

    private static void InMountsOf(OciContainer container, string script) =>
        Tool.Run(
                Require.Program("nsenter"),
                "--mount",
                "--pid",
                "--root",
                "--target",
                $"{container.ProcessId}",
                "/bin/sh",
                "-c",
                script
            )
            .ShouldSucceed();
}
