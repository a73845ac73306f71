using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Systemd;

/// <summary>
/// Containers whose cgroups an ordinary user's own service manager makes, which the machine's delegates a part of the tree
/// to. Who runs the runtime is outside of that part, as whoever has logged in is.
/// </summary>
[Collection<SystemdMachine>]
public sealed class UserManagerTests(SystemdGuest guest)
{
    private const string Group = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service";

    private const string AsUser = """
        systemctl start user@1000.service
        as_user() {
            setpriv --reuid 1000 --regid 1000 --clear-groups \
                env XDG_RUNTIME_DIR=/run/user/1000 HOME=/home/user PATH="$PATH" "$@"
        }
        """;

    private const string Nothing = """
        as_user systemctl --user show -P LoadState tare-mine.scope
        find /sys/fs/cgroup/user.slice -name 'tare-*'
        ls /run/user/1000/tare | sed /@/d
        """;

    [Fact]
    public void The_library_maps_the_users_and_groups_that_this_user_was_granted() =>
        Assert.Equal(
            ["mapped=0 1000 1, 1 100000 9, 0 1000 1, 1 100000 9,0", "boxed=1234,2345,2345 7"],
            guest.Run($"{AsUser}\nas_user probe map 1000").ShouldSucceed().Lines
        );

    [Fact]
    public void A_container_lives_its_whole_life()
    {
        string bundle = Bundle(["sleep", "1000"]);

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            as_user tare-oci --systemd-cgroup create --bundle {bundle} --pid-file /tmp/mine.pid mine
            cat /proc/$(cat /tmp/mine.pid)/cgroup
            as_user tare-oci start mine
            as_user tare-oci exec mine cat /proc/self/cgroup
            as_user tare-oci exec --detach mine sleep 1000
            wc -l <{Group}/user.slice/tare-mine.scope/cgroup.procs
            as_user tare-oci pause mine
            grep frozen {Group}/user.slice/tare-mine.scope/cgroup.events
            as_user tare-oci resume mine
            as_user tare-oci kill mine KILL
            until as_user tare-oci delete mine 2>/dev/null; do :; done
            rm /tmp/mine.pid
            {Nothing}
            """
        );

        Assert.Equal(
            [
                "0::/user.slice/user-1000.slice/user@1000.service/user.slice/tare-mine.scope",
                "0::/",
                "2",
                "frozen 1",
                "not-found",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Limits_are_systemds_and_the_kernels()
    {
        string bundle = Bundle(
            ["sleep", "1000"],
            config =>
            {
                config.Limit("memory", ("limit", 64 << 20));
                config.Limit("pids", ("limit", 7));
                config.Limit("cpu", ("quota", 20_000), ("period", 100_000));
            }
        );

        ToolResult result = guest.Run(
            $$"""
            {{AsUser}}
            show() {
                for property in MemoryMax TasksMax CPUQuotaPerSecUSec; do
                    echo $property $(as_user systemctl --user show -P $property tare-mine.scope)
                done
                for file in memory.max pids.max cpu.max; do
                    echo $file $(cat {{Group}}/user.slice/tare-mine.scope/$file)
                done
            }
            as_user tare-oci --systemd-cgroup run --detach --bundle {{bundle}} mine
            show
            as_user tare-oci update --memory 32m --pids-limit 9 mine
            as_user systemctl --user daemon-reload
            show
            as_user tare-oci delete --force mine
            {{Nothing}}
            """
        );

        Assert.Equal(
            [
                "MemoryMax 67108864",
                "TasksMax 7",
                "CPUQuotaPerSecUSec 200ms",
                "memory.max 67108864",
                "pids.max 7",
                "cpu.max 20000 100000",
                "MemoryMax 33554432",
                "TasksMax 9",
                "CPUQuotaPerSecUSec 200ms",
                "memory.max 33554432",
                "pids.max 9",
                "cpu.max 20000 100000",
                "not-found",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_program_that_needs_more_memory_than_the_limit_is_killed()
    {
        string bundle = Bundle(
            ["dd", "if=/dev/zero", "of=/dev/null", "bs=128M", "count=1"],
            config => config.Limit("memory", ("limit", 64 << 20))
        );

        ToolResult result = guest.Run(
            $"{AsUser}\nas_user tare-oci --systemd-cgroup run --bundle {bundle} mine; echo $?\n{Nothing}"
        );

        Assert.Equal(["137", "not-found"], result.ShouldSucceed().Lines);
    }

    /// <summary>newuidmap and newgidmap are asked; nothing of Tare's is setuid.</summary>
    [Fact]
    public void A_user_namespace_of_several_ranges_is_mapped_by_the_machines_helpers()
    {
        string bundle = Bundle(
            ["sh", "-c", "id -u; cat /proc/self/uid_map /proc/self/gid_map | tr -s ' '"],
            config =>
            {
                config["process"]!["user"] = new JsonObject { ["uid"] = 33, ["gid"] = 33 };
                foreach (string mappings in (string[])["uidMappings", "gidMappings"])
                {
                    config["linux"]![mappings]!
                        .AsArray()
                        .Add(
                            (JsonNode)
                                new JsonObject
                                {
                                    ["containerID"] = 1,
                                    ["hostID"] = 100_000,
                                    ["size"] = 65_536,
                                }
                        );
                }
            }
        );

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            as_user tare-oci --systemd-cgroup run --bundle {bundle} mine
            {Nothing}
            find /programs -perm /6000
            """
        );

        Assert.Equal(
            ["33", " 0 1000 1", " 1 100000 65536", " 0 1000 1", " 1 100000 65536", "not-found"],
            result.ShouldSucceed().Lines
        );
    }

    /// <summary>As podman runs it for an ordinary user: as root of a user namespace, whose root is nobody to the machine's systemd.</summary>
    [Fact]
    public void The_root_of_a_user_namespace_has_the_users_manager()
    {
        string bundle = Bundle(
            ["cat", "/proc/self/cgroup"],
            config =>
            {
                foreach (string mappings in (string[])["uidMappings", "gidMappings"])
                {
                    config["linux"]![mappings]![0]!["hostID"] = 0;
                }
            }
        );

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            as_user unshare --mount --map-root-user --map-auto tare-oci --root /run/user/1000/tare --systemd-cgroup run --bundle {bundle} mine
            {Nothing}
            """
        );

        Assert.Equal(["0::/", "not-found"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Without_a_manager_the_error_is_one_line_that_says_what_to_do_and_nothing_is_left()
    {
        string bundle = Bundle(["true"]);

        ToolResult result = guest.Run(
            $"""
            {AsUser}
            as_user env XDG_RUNTIME_DIR=/tmp tare-oci --root /run/user/1000/tare --systemd-cgroup run --bundle {bundle} mine; echo $?
            {Nothing}
            """
        );

        Assert.Equal(["1", "not-found"], result.ShouldSucceed().Lines);
        Assert.Equal(
            "tare-oci: --systemd-cgroup: no service manager of this user: connect to '/tmp/systemd/private': ENOENT; "
                + "connect to '/tmp/bus': ENOENT (log in as this user or use 'loginctl enable-linger', set XDG_RUNTIME_DIR, "
                + "or leave the option out)\n",
            result.Errors
        );
    }

    private string Bundle(string[] arguments, Action<JsonObject>? edit = null) =>
        guest.Bundle(arguments, edit, "setpriv --reuid 1000 --regid 1000 --clear-groups tare-oci spec --rootless");
}
