using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What a container sees of cgroup v2.</summary>
public abstract class ViewClaims(Guest guest)
{
    // The same directory has the same inode number, whoever looks.
    private const string Look =
        "cat /proc/self/cgroup; stat -c %i /sys/fs/cgroup; find /sys/fs/cgroup -type d; echo ready; sleep 1000";

    [Fact]
    public void A_container_with_a_cgroup_namespace_is_at_the_root_and_sees_its_own_group_only()
    {
        string[] seen = Seen(guest.Bundle(["sh", "-c", Look]));

        Assert.Equal(["0::/", "INODE", "/sys/fs/cgroup"], seen);
    }

    [Fact]
    public void A_container_without_a_cgroup_namespace_sees_its_own_group_only()
    {
        string[] seen = Seen(guest.Bundle(["sh", "-c", Look], config => config.RemoveNamespace("cgroup")));

        Assert.Equal(["0::/session/view", "INODE", "/sys/fs/cgroup"], seen);
    }

    [Fact]
    public void A_container_cannot_change_its_limits()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "echo max >/sys/fs/cgroup/memory.max; mkdir /sys/fs/cgroup/a"],
            config => config.Limit("memory", ("limit", 64 << 20))
        );

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} view");

        Assert.Equal(
            [
                "sh: can't create /sys/fs/cgroup/memory.max: Read-only file system",
                "mkdir: can't create directory '/sys/fs/cgroup/a': Read-only file system",
            ],
            result.ShouldExitWith(1).Errors.TrimEnd('\n').Split('\n')
        );
    }

    [Fact]
    public void A_program_that_is_added_is_in_the_same_group_and_sees_the_same()
    {
        string bundle = guest.Bundle(["sleep", "1000"]);

        ToolResult result = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} view
            tare-oci exec view cat /proc/self/cgroup
            tare-oci exec --detach --pid-file /tmp/pid view sleep 1000
            cat /proc/$(cat /tmp/pid)/cgroup
            [ $(readlink /proc/$(cat /tmp/pid)/ns/cgroup) = $(readlink /proc/$(head -n 1 $groups/view/cgroup.procs)/ns/cgroup) ]
            """
        );

        Assert.Equal(["0::/", "0::/session/view"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_group_is_made_where_the_configuration_says_and_what_was_made_for_it_goes_with_it()
    {
        string bundle = guest.Bundle(
            ["cat", "/proc/self/cgroup"],
            config =>
            {
                config.RemoveNamespace("cgroup");
                config["linux"]!["cgroupsPath"] = "/shop/web/one";
                config.Limit("pids", ("limit", 20));
            }
        );

        ToolResult result = guest.Run($"tare-oci run --bundle {bundle} view; ls -d /sys/fs/cgroup/*/");

        Assert.Equal(["0::/shop/web/one", "/sys/fs/cgroup/session/"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Controllers_that_are_handed_down_already_are_not_asked_for_again()
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("pids", ("limit", 20)));

        // Nobody but root could write there, and root is told not to by the mount.
        ToolResult result = guest.Run(
            $"""
            tare-oci run --bundle {bundle} first
            mount --bind /sys/fs/cgroup/session/cgroup.subtree_control /sys/fs/cgroup/session/cgroup.subtree_control
            mount -o remount,bind,ro /sys/fs/cgroup/session/cgroup.subtree_control
            (echo +pids >/sys/fs/cgroup/session/cgroup.subtree_control) 2>/dev/null || echo read-only
            tare-oci run --bundle {bundle} second; echo $?
            umount /sys/fs/cgroup/session/cgroup.subtree_control
            """
        );

        Assert.Equal(["read-only", "0"], result.ShouldSucceed().Lines);
    }

    private string[] Seen(string bundle)
    {
        ToolResult result = guest.Run(
            $"""
            mkfifo /tmp/out; exec 6<>/tmp/out; rm /tmp/out
            tare-oci run --detach --bundle {bundle} view >&6
            inode=$(stat -c %i $groups/view)
            while read -r line <&6 && [ "$line" != ready ]; do echo "$line" | sed "s/^$inode\$/INODE/"; done
            """
        );
        return result.ShouldSucceed().Lines;
    }
}
