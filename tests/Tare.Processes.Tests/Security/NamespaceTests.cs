using System.Globalization;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Security;

public sealed class NamespaceTests
{
    [Fact]
    public void A_user_namespace_without_a_process_has_its_maps()
    {
        Require.Root();
        using NamespaceFd made = UserNamespace.Create(
            [new(0, 100000, 65536)],
            [new(0, 200000, 10), new(10, 300000, 5)]
        );

        Assert.Equal(CloneFlags.CLONE_NEWUSER, Namespaces.KindOf(made).Value);
        Assert.Equal(0u, Namespaces.OwnerUidOf(made).Value);
    }

    [Fact]
    public async Task Mounts_are_shown_with_a_user_namespace_s_owners()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        directory.Write("file", "x");
        using NamespaceFd map = UserNamespace.Create([new(0, 5000, 10)], [new(0, 6000, 10)]);
        using MountFd mount = Mounts
            .OpenTree(null, directory.Path, OpenTreeFlags.OPEN_TREE_CLONE)
            .OrThrow("copy a mount");
        Mounts.IdMap(mount, map).OrThrow("map a mount");

        StatX status = Files.StatX(mount, "file").OrThrow("look");

        Assert.Equal((5000u, 6000u), (status.UserId, status.GroupId));
        await Task.CompletedTask;
    }

    [Fact]
    public void Empty_maps_are_ArgumentExceptions()
    {
        Assert.Throws<ArgumentException>(() => UserNamespace.Create([], [new(0, 0, 1)]));
        Assert.Throws<ArgumentException>(() => UserNamespace.Create([new(0, 0, 0)], [new(0, 0, 1)]));
    }

    [Fact]
    public void A_map_that_overlaps_is_said_to_be()
    {
        Require.Root();
        KernelException failure = Assert.Throws<KernelException>(() =>
            UserNamespace.Create([new(0, 1000, 10), new(5, 2000, 10)], [new(0, 1000, 1)])
        );

        Assert.Equal(Errno.EINVAL, failure.Errno);
        Assert.Contains("uid_map", failure.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_has_the_host_name_and_the_parameters_of_its_namespaces()
    {
        Require.Root();
        (ProcessExit exit, string output) = await Running.ShellAsync(
            "uname -n; cat /proc/sys/kernel/domainname /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax",
            options =>
                options with
                {
                    Namespaces = new ProcessNamespaces
                    {
                        New = CloneFlags.CLONE_NEWUTS | CloneFlags.CLONE_NEWNET | CloneFlags.CLONE_NEWIPC,
                        HostName = "elsewhere",
                        DomainName = "example.org",
                        Parameters = ProcessNamespaces
                            .Inherited.Parameters.Add("net.ipv4.ip_default_ttl", "77")
                            .Add("kernel.msgmax", "4711"),
                    },
                }
        );

        Assert.True(exit.Success, output);
        Assert.Equal("elsewhere\nexample.org\n77\n4711\n", output);
    }

    [Fact]
    public async Task The_clocks_of_a_time_namespace_are_ahead()
    {
        Require.Root();
        (ProcessExit exit, string output) = await Running.ShellAsync(
            "cat /proc/uptime; cat /proc/self/timens_offsets",
            options =>
                options with
                {
                    Namespaces = new ProcessNamespaces
                    {
                        New = CloneFlags.CLONE_NEWTIME,
                        MonotonicOffset = TimeSpan.FromDays(-1) + TimeSpan.FromDays(3),
                        BootTimeOffset = TimeSpan.FromDays(100),
                    },
                }
        );

        Assert.True(exit.Success, output);
        double uptime = double.Parse(output.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(uptime > TimeSpan.FromDays(100).TotalSeconds, output);
        Assert.Contains(" 172800 ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernel.core_pattern")]
    [InlineData("net.ipv4.ip_forward")]
    [InlineData("net.../x")]
    public void Parameters_of_the_machine_are_ArgumentExceptions(string name) =>
        Assert.Throws<ArgumentException>(() =>
            ChildProcess.Start(
                new("true")
                {
                    Namespaces = new ProcessNamespaces
                    {
                        New = CloneFlags.CLONE_NEWUTS,
                        Parameters = ProcessNamespaces.Inherited.Parameters.Add(name, "1"),
                    },
                }
            )
        );

    [Fact]
    public void Settings_without_their_namespace_are_ArgumentExceptions()
    {
        foreach (
            ProcessNamespaces namespaces in (ProcessNamespaces[])
                [new() { HostName = "x" }, new() { DomainName = "" }, new() { BootTimeOffset = TimeSpan.FromDays(1) }]
        )
        {
            Assert.Throws<ArgumentException>(() => ChildProcess.Start(new("true") { Namespaces = namespaces }));
        }
    }

    [Fact]
    public async Task A_program_is_root_in_a_user_namespace_of_several_ranges()
    {
        Require.Root();
        (ProcessExit exit, string output) = await Running.ShellAsync(
            "id -u; cat /proc/self/uid_map | tr -s ' '",
            options =>
                options with
                {
                    Namespaces = new ProcessNamespaces
                    {
                        New = CloneFlags.CLONE_NEWUSER,
                        Users = [new(0, 100000, 10), new(10, 200000, 5)],
                        Groups = [new(0, 100000, 10)],
                    },
                }
        );

        Assert.True(exit.Success, output);
        Assert.Equal("0\n 0 100000 10\n 10 200000 5\n", output);
    }
}
