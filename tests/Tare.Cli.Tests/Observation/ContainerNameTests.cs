using Tare.Cli.Observation;
using Tare.Linux;

namespace Tare.Cli.Tests.Observation;

public class ContainerNameTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData($"/system.slice/docker-{Id}.scope", Id)]
    [InlineData($"/docker/{Id}", Id)]
    [InlineData($"/machine.slice/libpod-{Id}.scope/container", Id)]
    [InlineData($"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{Id}.scope", Id)]
    [InlineData("/system.slice/tare-oci-web.scope", "web")]
    [InlineData("/user.slice/run-4242-1a2b3c", "run-4242-1a2b3c")]
    [InlineData("/lxc.payload.box/system.slice", "box")]
    [InlineData($"/machine.slice/libpod-conmon-{Id}.scope", null)]
    [InlineData("/user.slice/user-1000.slice/session-2.scope", null)]
    [InlineData("/system.slice/run-docker-netns.mount", null)]
    [InlineData("/", null)]
    public void Engines_name_cgroups_after_containers(string path, string? name) =>
        Assert.Equal(name, ContainerName.OfCgroups([new CgroupMembership(0, [], path)]));

    [Fact]
    public void Any_hierarchy_can_tell() =>
        Assert.Equal(
            Id,
            ContainerName.OfCgroups([
                new CgroupMembership(0, [], "/"),
                new CgroupMembership(3, ["memory"], $"/docker/{Id}"),
            ])
        );

    [Fact]
    public void Tables_have_the_beginning_of_long_ids()
    {
        Assert.Equal("0123456789ab", ContainerName.Short(Id));
        Assert.Equal("run-4242-1a2b3c", ContainerName.Short("run-4242-1a2b3c"));
    }
}
