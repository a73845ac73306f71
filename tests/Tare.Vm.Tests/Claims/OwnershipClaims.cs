using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>Whose a container's cgroup is. OCI runtime specification, config-linux.md, "Cgroup ownership".</summary>
public abstract class OwnershipClaims(Guest guest)
{
    /// <summary>A program for containers: makes a group below its own, goes there and says where it is.</summary>
    public const string MakeGroup =
        "cd /sys/fs/cgroup && mkdir below && echo 0 >below/cgroup.procs && cat /proc/self/cgroup; echo 0 >cgroup.procs; rmdir below";

    private const string ShowOwners = """
        cd $groups/mine
        stat -c '%u %n' . * | grep -v '^0 ' | sort
        """;

    [Fact]
    public void The_user_of_a_container_makes_groups_where_the_cgroup_is_mounted_to_be_written_to()
    {
        string bundle = guest.Bundle(["sh", "-c", MakeGroup], config => Delegate(config, 1000));

        Assert.Equal(["0::/below"], guest.Run($"tare-oci run --bundle {bundle} mine").ShouldSucceed().Lines);
    }

    [Fact]
    public void Only_the_group_and_the_files_of_the_kernels_list_change_their_owner()
    {
        string bundle = guest.Bundle(["true"], config => Delegate(config, 1000));

        ToolResult result = guest.Run(
            $$"""
            tare-oci create --bundle {{bundle}} mine
            {{ShowOwners}} >/tmp/owned
            for file in . $(cat /sys/kernel/cgroup/delegate); do [ -e $file ] && echo 1000 $file; done | sort >/tmp/listed
            cmp /tmp/owned /tmp/listed && grep -x '1000 cgroup.procs' /tmp/owned
            """
        );

        Assert.Equal(["1000 cgroup.procs"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void In_a_user_namespace_it_is_the_user_that_the_machine_knows()
    {
        string bundle = guest.Bundle(
            ["true"],
            config =>
            {
                Delegate(config, 5);
                config.AddUserNamespace(200_000);
            }
        );

        ToolResult result = guest.Run(
            $"tare-oci create --bundle {bundle} mine && stat -c '%u' $groups/mine $groups/mine/cgroup.procs"
        );

        Assert.Equal(["200005", "200005"], result.ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Read_only_or_in_the_machines_cgroup_namespace_it_stays_roots(bool readOnly, bool shared)
    {
        string bundle = guest.Bundle(
            ["true"],
            config =>
            {
                Delegate(config, 1000);
                if (readOnly)
                {
                    config.SetMountOptions("/sys/fs/cgroup", "nosuid", "noexec", "nodev", "ro");
                }

                if (shared)
                {
                    config.RemoveNamespace("cgroup");
                }
            }
        );

        ToolResult result = guest.Run($"tare-oci create --bundle {bundle} mine\n{ShowOwners}");

        Assert.Equal("", result.Output);
    }

    /// <summary>Has the program's user be one, and the cgroup mounted to be written to.</summary>
    public static void Delegate(JsonObject config, int user)
    {
        config["process"]!["user"] = new JsonObject { ["uid"] = user, ["gid"] = user };
        config.SetMountOptions("/sys/fs/cgroup", "nosuid", "noexec", "nodev");
    }
}
