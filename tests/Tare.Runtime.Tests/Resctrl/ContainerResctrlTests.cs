using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Containers;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;

namespace Tare.Runtime.Tests.Resctrl;

public sealed class ContainerResctrlTests : IDisposable
{
    private static readonly ContainerId Id = ContainerId.Parse("web");
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void Without_a_name_the_class_is_the_containers_own_and_goes_with_it()
    {
        FakeResctrl tree = Tree();
        using ContainerResctrl resctrl = Made(
            tree,
            new IntelRdtSpec { L3CacheSchema = "L3:0=f", EnableMonitoring = true }
        );

        Assert.Equal(new ResctrlPlace(tree.MountPoint, "web", true, true, "web"), resctrl.Place);
        Assert.True(tree.Has("web/mon_groups/web"));

        resctrl.Remove();

        Assert.False(tree.Has("web"));
        resctrl.Remove();
    }

    [Fact]
    public void A_class_of_that_name_that_is_there_already_is_used_and_stays()
    {
        FakeResctrl tree = Tree();
        tree.Preconfigure("web", "L3:0=f");
        using ContainerResctrl resctrl = Made(tree, new IntelRdtSpec());

        resctrl.Remove();

        Assert.True(tree.Has("web"));
    }

    [Fact]
    public void Lines_are_written_in_their_order_at_once()
    {
        FakeResctrl tree = Tree();
        using ContainerResctrl resctrl = Made(
            tree,
            new IntelRdtSpec
            {
                Schemata = ["L2:0=f", "L3:0=1"],
                MemBwSchema = "MB:0=20",
                L3CacheSchema = "L3:0=f",
            }
        );

        Assert.Equal(["make web", "write web/schemata L3:0=f|MB:0=20|L2:0=f|L3:0=1"], tree.Calls);
    }

    [Fact]
    public void Nothing_is_written_where_nothing_is_asked_for()
    {
        FakeResctrl tree = Tree();
        tree.Preconfigure("gold", "L3:0=f");
        using ContainerResctrl resctrl = Made(tree, new IntelRdtSpec { ClosId = "gold" });

        resctrl.Remove();

        Assert.Empty(tree.Calls);
    }

    [Fact]
    public void A_named_class_is_made_where_its_shares_are_given_and_stays()
    {
        FakeResctrl tree = Tree();
        using ContainerResctrl resctrl = Made(
            tree,
            new IntelRdtSpec
            {
                ClosId = "gold",
                Schemata = ["MB:0=20"],
                EnableMonitoring = true,
            }
        );
        Assert.True(tree.Has("gold/mon_groups/web"));

        resctrl.Remove();

        Assert.True(tree.Has("gold"));
        Assert.False(tree.Has("gold/mon_groups/web"));
    }

    [Fact]
    public void A_named_class_that_is_not_there_needs_shares() =>
        Assert.Equal(
            "linux.intelRdt.closID: there is no class of service 'gold' (make it before, or give its schemata)",
            Refused(new IntelRdtSpec { ClosId = "gold", EnableMonitoring = true })
        );

    [Theory]
    [InlineData("L3:0=00f", "MB:1=10;0=20", true)]
    [InlineData("L3:0=F;1=F0", null, true)]
    [InlineData("L3:0=e", null, false)]
    [InlineData(null, "MB:0=21", false)]
    [InlineData("L3:2=f", null, false)]
    [InlineData("L3:nonsense", null, false)]
    public void A_named_class_that_is_there_must_have_the_shares(string? cache, string? bandwidth, bool agrees)
    {
        FakeResctrl tree = Tree();
        tree.Preconfigure("gold", "    L3:0=f;1=f0", "    MB:0=20;1=10");
        IntelRdtSpec rdt = new()
        {
            ClosId = "gold",
            L3CacheSchema = cache,
            MemBwSchema = bandwidth,
        };

        if (agrees)
        {
            using ContainerResctrl resctrl = Made(tree, rdt);
            Assert.Equal("gold", resctrl.Place.Group);
            return;
        }

        Assert.Contains(" is not what '", Refused(rdt), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_class_is_the_root()
    {
        FakeResctrl tree = Tree();
        using ContainerResctrl resctrl = Made(tree, new IntelRdtSpec { ClosId = "/", EnableMonitoring = true });

        Assert.Equal("", resctrl.Place.Group);
        Assert.Equal("mon_groups/web", resctrl.Place.MonitorGroup);
        Enter(resctrl);
        Assert.Equal(
            ["0", "0"],
            [File.ReadAllText(tree.PathOf("tasks")), File.ReadAllText(tree.PathOf("mon_groups/web/tasks"))]
        );

        resctrl.Remove();

        Assert.True(tree.Has(""));
        Assert.False(tree.Has("mon_groups/web"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_call_that_fails_leaves_nothing(int call)
    {
        FakeResctrl tree = new(_folder.At("resctrl")) { FailAt = call };
        IntelRdtSpec rdt = new()
        {
            ClosId = "gold",
            L3CacheSchema = "L3:0=f",
            EnableMonitoring = true,
        };
        using ContainerResctrl resctrl = ContainerResctrl.Survey(tree, rdt, Id);
        using (Rollback rollback = new())
        {
            KernelException e = Assert.Throws<KernelException>(() => resctrl.Make(rdt, rollback));
            Assert.Equal(call == 2 ? Errno.EINVAL : Errno.ENOSPC, e.Errno);
            Assert.Equal(call == 2, e.Message.Contains(": no such value)", StringComparison.Ordinal));
        }

        Assert.False(tree.Has("gold"));
    }

    [Fact]
    public void Shares_are_changed_and_changed_back()
    {
        FakeResctrl tree = Tree();
        using ContainerResctrl resctrl = Made(tree, new IntelRdtSpec { L3CacheSchema = "L3:0=f;1=f" });
        string[] before = tree.Schemata("web");

        using (Rollback undo = new())
        {
            resctrl.Change(new IntelRdtSpec { L3CacheSchema = "L3:0=ff", MemBwSchema = "MB:0=10;1=10" }, undo);
            Assert.Equal(["L3:0=ff", "MB:0=10;1=10", "L2:0=ff"], tree.Schemata("web"));
        }

        Assert.Equal(before, tree.Schemata("web"));
    }

    [Theory]
    [InlineData("web", "web")]
    [InlineData("", "mon_groups/web")]
    public void What_a_killed_runtime_left_the_next_start_removes(string group, string left)
    {
        Require.Root();
        string mountPoint = _folder.At("resctrl");
        Directory.CreateDirectory(Path.Combine(mountPoint, left));
        StateStore store = new(_folder.At("state"));
        ContainerRecord record = new()
        {
            Id = Id,
            OciVersion = "1.3.0",
            Bundle = "/b",
            Rootfs = "/b/rootfs",
            Created = DateTimeOffset.UnixEpoch,
            Owner = 0,
            Resctrl = new ResctrlPlace(mountPoint, group, group.Length > 0, group.Length > 0, "web"),
        };
        using (StateDirectory killed = store.Reserve(Id))
        {
            killed.Announce(record);
        }

        // The lock goes with its last descriptor: a process that another test has just made holds one until its program begins.
        Assert.True(SpinWait.SpinUntil(IsSwept, TimeSpan.FromSeconds(30)));
        Assert.Empty(store.List());

        bool IsSwept()
        {
            Assert.Empty(Abandoned.Sweep(store));
            return !Directory.Exists(Path.Combine(mountPoint, left));
        }
    }

    public void Dispose() => _folder.Dispose();

    private FakeResctrl Tree() => new(_folder.At("resctrl"));

    private static ContainerResctrl Made(FakeResctrl tree, IntelRdtSpec rdt)
    {
        using Rollback rollback = new();
        ContainerResctrl resctrl = ContainerResctrl.Survey(tree, rdt, Id);
        resctrl.Make(rdt, rollback);
        rollback.Commit();
        return resctrl;
    }

    private string Refused(IntelRdtSpec rdt) =>
        Assert.Throws<ContainerException>(() => ContainerResctrl.Survey(Tree(), rdt, Id)).Message;

    private static void Enter(ContainerResctrl resctrl)
    {
        foreach (FileFd tasks in resctrl.OpenEntrances())
        {
            using (tasks)
            {
                Files.WriteAll(tasks, "0"u8).OrThrow("write");
            }
        }
    }
}
