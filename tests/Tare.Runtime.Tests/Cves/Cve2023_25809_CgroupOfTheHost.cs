using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Cves;

/// <summary>Without a cgroup of its own a rootless container got the host's hierarchy, to be written.</summary>
public sealed class Cve2023_25809_CgroupOfTheHost
{
    private static readonly RuntimeSpec Shared = TypicalSpecs.DefaultOfV1;

    [Fact]
    public void Who_has_no_cgroup_sees_an_empty_directory()
    {
        LaunchPlan plan = Specs.Steps(Shared, Specs.Context with { CgroupView = null });

        CallStep mount = plan.Call(plan.IndexOf("mount tmpfs on '/sys/fs/cgroup'") + 1);

        Assert.Equal("tmpfs", mount.Arguments[2].AsText());
        Assert.True((mount.Arguments[3].Value & (long)MountFlags.MS_RDONLY) != 0);
        Assert.DoesNotContain(plan.Steps, step => step.Words.Contains("cgroup2", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_shares_the_hosts_cgroup_namespace_sees_its_own_cgroup_only()
    {
        LaunchPlan plan = Specs.Steps(
            Shared,
            Specs.Context with
            {
                CgroupView = new CgroupView.Unified("/sys/fs/cgroup/web"),
            }
        );

        Slot picked = plan.Call(plan.IndexOf("pick the host's '/sys/fs/cgroup/web'")).Result!;

        Assert.Equal(picked, plan.Call(plan.IndexOf("bind the cgroup on '/sys/fs/cgroup'")).Arguments[0].Slot);
        int attributes = plan.IndexOf("set the attributes of the cgroup's mount");
        Assert.Equal(picked, plan.Call(attributes).Arguments[0].Slot);
        Assert.True(
            (plan.Call(attributes).Arguments[3].Blob.Span[0] & (int)MountAttributeFlags.MOUNT_ATTR_RDONLY) != 0
        );
    }
}
