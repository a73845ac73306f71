using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests.Escapes;

/// <summary>Ways out that a program in a container may try (Attacks/escape.c), and that they lead out of none.</summary>
public sealed class WaysOutTests
{
    private static readonly string[] OfUsers = ["unmask", "make-writable", "new-proc", "new-sysfs", "release-agent"];

    [Theory]
    [InlineData("writable", "/proc/sys/kernel/core_pattern")]
    [InlineData("writable", "/proc/sys/kernel/modprobe")]
    [InlineData("writable", "/proc/sys/vm/overcommit_memory")]
    [InlineData("writable", "/proc/sys/fs/binfmt_misc/register")]
    [InlineData("writable", "/proc/sysrq-trigger")]
    [InlineData("writable", "/proc/irq/default_smp_affinity")]
    [InlineData("writable", "/sys/kernel/uevent_helper")]
    [InlineData("writable", "/sys/kernel/mm/transparent_hugepage/enabled")]
    [InlineData("writable", "/sys/power/state")]
    [InlineData("kmsg")]
    [InlineData("memory-device")]
    [InlineData("disk")]
    [InlineData("mount")]
    [InlineData("remount-root")]
    [InlineData("unmount", "/proc/keys")]
    [InlineData("unmount", "/proc/sys")]
    [InlineData("unmask", "/proc/keys")]
    [InlineData("unmask", "/sys/firmware")]
    [InlineData("make-writable", "/proc/sys")]
    [InlineData("make-writable", "/sys")]
    [InlineData("make-writable", "/")]
    [InlineData("new-proc")]
    [InlineData("new-sysfs")]
    [InlineData("release-agent", "memory")]
    [InlineData("release-agent", "pids")]
    [InlineData("release-agent", "none,name=systemd")]
    [InlineData("cgroup", "/sys/fs/cgroup/made")]
    [InlineData("cgroup", "/sys/fs/cgroup/pids/made")]
    [InlineData("cgroup", "/sys/fs/cgroup/memory/made")]
    [InlineData("cgroup", "/sys/fs/cgroup/unified/made")]
    [InlineData("host-process", "{process}")]
    [InlineData("join", "{process}")]
    [InlineData("trace", "{process}")]
    [InlineData("reach", "/proc/{process}/root{canary}")]
    [InlineData("reach", "/proc/1/root{canary}")]
    [InlineData("reach", "/proc/1/cwd/../../../../../..{canary}")]
    [InlineData("reach", "/../../../..{canary}")]
    [InlineData("reach", "/proc/self/fd/3")]
    [InlineData("reach", "/proc/self/fd/0/..{canary}")]
    [InlineData("module")]
    [InlineData("kexec")]
    [InlineData("bpf")]
    [InlineData("handle")]
    [InlineData("host-name")]
    [InlineData("clock")]
    [InlineData("setuid", "/bin/as-root")]
    public void A_default_container_holds(string way, string argument = "") => ShouldHold(_ => { }, way, argument);

    [Theory]
    [InlineData("kmsg")]
    [InlineData("memory-device")]
    [InlineData("disk")]
    public void The_capability_to_make_devices_opens_none_of_the_hosts(string way)
    {
        string said = ShouldHold(config => config.Capable("CAP_MKNOD").Writable(), way, "");

        Assert.Equal("held at open: EPERM", said);
    }

    [Fact]
    public void A_new_root_is_no_way_out_of_the_old_one() =>
        Assert.StartsWith(
            $"held at {Path.GetTempPath()}tare-",
            ShouldHold(config => config.Capable("CAP_SYS_CHROOT").Writable(), "leave-chroot", "{canary}"),
            StringComparison.Ordinal
        );

    [Trait(Control.Trait, Control.OfAttack)]
    [Theory]
    [InlineData("writable", "/proc/sys/vm/overcommit_memory")]
    [InlineData("kmsg")]
    [InlineData("mount")]
    [InlineData("unmount", "/tmp")]
    [InlineData("new-proc")]
    [InlineData("cgroup", "/sys/fs/cgroup/pids/tare-test-made")]
    [InlineData("host-process", "{process}")]
    [InlineData("join", "{process}")]
    [InlineData("trace", "{process}")]
    [InlineData("reach", "/proc/{process}/root{canary}")]
    [InlineData("host-name")]
    [InlineData("leave-chroot", "{canary}")]
    public void On_the_host_it_leads_somewhere(string way, string argument = "")
    {
        Require.Root();
        using Victim victim = new();
        Assert.SkipWhen(way == "cgroup" && !Directory.Exists("/sys/fs/cgroup/pids"), "needs cgroup v1");

        // In a mount namespace, with a name of its own, and on a /tmp that is mounted and writable there.
        ToolResult result = Tool.Run(
            "unshare",
            "--mount",
            "--uts",
            "sh",
            "-c",
            $"mkdir -p /tmp && mount --bind /tmp /tmp && exec {Attack.Program("escape")} {way} '{Fill(argument, victim)}'"
        );

        Assert.Equal("out\n", result.Output);
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_program_of_root_gives_its_rights_where_that_is_not_forbidden()
    {
        using Victim victim = new();
        using Bundle bundle = Make(config => config.MayGainPrivileges(), "setuid", "/bin/as-root");

        // Dropping to a user takes the rights for it.
        string config = File.ReadAllText(Path.Combine(bundle.Path, "config.json"));
        JsonObject json = JsonNode.Parse(config)!.AsObject().Capable("CAP_SETUID", "CAP_SETGID");
        File.WriteAllText(Path.Combine(bundle.Path, "config.json"), json.ToJsonString());

        Assert.Equal("out\n", victim.Run(bundle).Output);
    }

    [Fact]
    public void Text_is_not_typed_into_the_callers_terminal()
    {
        using Victim victim = new();
        using Bundle bundle = Make(_ => { }, "type-ahead", "");

        ToolResult result = Tool.Run(
            Require.Program("script"),
            "--quiet",
            "--return",
            "--command",
            $"{victim.Runtime} --root {victim.State} run --bundle {bundle.Path} {victim.NewId()}",
            "/dev/null"
        );

        Assert.StartsWith("held at ", result.Output, StringComparison.Ordinal);
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void Text_is_typed_into_a_terminal_that_is_shared()
    {
        const string Switch = "/proc/sys/dev/tty/legacy_tiocsti";
        Assert.SkipWhen(File.Exists(Switch) && File.ReadAllText(Switch).StartsWith('0'), "the kernel forbids it");

        ToolResult result = Tool.Run(
            Require.Program("script"),
            "--quiet",
            "--return",
            "--command",
            $"{Attack.Program("escape")} type-ahead",
            "/dev/null"
        );

        Assert.Contains("out", result.Output, StringComparison.Ordinal);
    }

    private static string ShouldHold(Action<JsonObject> edit, string way, string argument)
    {
        using Victim victim = new();
        using Bundle bundle = Make(
            config =>
            {
                // Most ways need a place to write to, and going on as a user the right to do so.
                edit(config.Mount("/tmp", "tmpfs", "tmpfs", "mode=1777"));
                if (OfUsers.Contains(way))
                {
                    // Root may not map itself into a user namespace without CAP_SETFCAP; everybody else may.
                    config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
                }

                if (way == "setuid")
                {
                    config.Capable("CAP_SETUID", "CAP_SETGID");
                }
            },
            way,
            Fill(argument, victim)
        );

        ToolResult result = victim.Run(bundle).ShouldExitWith(1);

        Assert.StartsWith("held at ", result.Output, StringComparison.Ordinal);
        return result.Output.TrimEnd();
    }

    private static Bundle Make(Action<JsonObject> edit, string way, string argument)
    {
        Bundle bundle = new(["/bin/escape", way, argument], edit: edit);
        Attack.Install(bundle.Rootfs, "escape");
        string program = Path.Combine(bundle.Rootfs, "bin", "as-root");
        Tool.InstallProgram(Attack.Program("escape"), program);
        Tool.Run("chmod", "4755", program).ShouldSucceed();
        return bundle;
    }

    private static string Fill(string argument, Victim victim) =>
        argument
            .Replace("{canary}", victim.Canary, StringComparison.Ordinal)
            .Replace(
                "{process}",
                Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal
            );
}
