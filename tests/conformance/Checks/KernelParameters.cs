using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class KernelParameters
{
    private static readonly (string Key, string Value, string File)[] Keys =
    [
        ("net.ipv4.ip_forward", "1", "net/ipv4/ip_forward"),
        ("net.ipv4.ip_unprivileged_port_start", "77", "net/ipv4/ip_unprivileged_port_start"),
        ("kernel.shm_rmid_forced", "1", "kernel/shm_rmid_forced"),
        ("kernel.msgmax", "4096", "kernel/msgmax"),
        ("fs.mqueue.msg_max", "12", "fs/mqueue/msg_max"),
    ];

    public static Group Group { get; } =
        new(
            "Kernel parameters",
            "config-linux.md: sysctl",
            [
                .. Keys.Select(key => new Check(
                    "O-170",
                    $"{key.Key} holds in the container, and not on the machine",
                    site =>
                    {
                        string before = File.ReadAllText($"/proc/sys/{key.File}");
                        Assert.Equal(
                            [key.Value],
                            site.Lines(
                                $"cat /proc/sys/{key.File}",
                                config => config.Put("linux.sysctl", $$"""{"{{key.Key}}":"{{key.Value}}"}""")
                            )
                        );
                        Assert.Equal(before, File.ReadAllText($"/proc/sys/{key.File}"));
                    }
                )),
                new(
                    "O-170",
                    "a key that no namespace has is refused",
                    site => site.Refuses(config => config.Put("linux.sysctl", """{"vm.swappiness":"10"}"""))
                ),
                new(
                    "O-170",
                    "a key of the network without a network namespace is refused",
                    site =>
                        site.Refuses(config =>
                            config.WithoutNamespace("network").Put("linux.sysctl", """{"net.ipv4.ip_forward":"1"}""")
                        )
                ),
                new(
                    "O-170",
                    "a key of the IPC namespace without one is refused",
                    site =>
                        site.Refuses(config =>
                            config.WithoutNamespace("ipc").Put("linux.sysctl", """{"kernel.msgmax":"4096"}""")
                        )
                ),
                new(
                    "O-170",
                    "a key that the kernel does not have makes create fail",
                    site => site.Refuses(config => config.Put("linux.sysctl", """{"net.ipv4.nosuch":"1"}"""))
                ),
                new(
                    "O-170",
                    "a key that leads out of /proc/sys is refused",
                    site =>
                        site.Refuses(config => config.Put("linux.sysctl", """{"net./../../self/oom_score_adj":"1"}"""))
                ),
            ]
        );
}
