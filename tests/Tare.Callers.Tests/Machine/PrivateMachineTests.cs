namespace Tare.Callers.Tests.Machine;

public sealed class PrivateMachineTests
{
    private const string Leave = """
        for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do mkdir "$hierarchy/left" 2>/dev/null; done
        ip link add left type dummy
        mount -t tmpfs left /mnt
        setsid sleep 1000 >/dev/null 2>&1 </dev/null &
        echo $!
        """;

    [Fact]
    public void What_is_left_in_a_machine_ends_with_it()
    {
        PrivateMachine machine = PrivateMachine.Make(_ => { });
        machine.Run("bash", "-c", Leave).ShouldSucceed();
        Assert.NotEmpty(Cgroups(machine.Name));

        machine.Dispose();

        Assert.Empty(Cgroups(machine.Name));
        Assert.False(Directory.Exists(machine.At("")));
        Assert.DoesNotContain(" - tmpfs left ", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.False(Directory.Exists("/sys/class/net/left"));
    }

    private static string[] Cgroups(string name) =>
        [
            .. Directory
                .GetDirectories("/sys/fs/cgroup")
                .Append("/sys/fs/cgroup")
                .Select(hierarchy => Path.Combine(hierarchy, name))
                .Where(Directory.Exists),
        ];
}
