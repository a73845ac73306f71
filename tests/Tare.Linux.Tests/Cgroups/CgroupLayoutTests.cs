using System.Text;
using CsCheck;

namespace Tare.Linux.Tests;

public class CgroupLayoutTests
{
    private const string UnifiedMounts = """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        30 27 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
        """;

    private const string LegacyMounts = """
        31 23 0:28 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        33 31 0:30 / /sys/fs/cgroup/memory ro,relatime - cgroup cgroup rw,memory
        34 31 0:31 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
        """;

    private const string LegacyMemberships = "3:memory:/box\n2:cpu,cpuacct:/\n1:name=systemd:/init.scope\n";

    [Fact]
    public void Counts_and_tables_are_read_whatever_they_hold()
    {
        Assert.Equal(
            new Dictionary<string, long> { ["anon"] = 4096, ["file"] = long.MaxValue },
            CgroupText.Counts("anon 4096\nfile 9223372036854775807\nlarger 9223372036854775808\nmax\nx -1\n y\n")
        );
        Assert.Empty(CgroupText.Counts(null));
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> table = CgroupText.Table(
            "8:16 rbytes=1 wbytes=22 cost.vrate=100.00\nmlx4_0 hca_handle=2 hca_object=max =3\ntotal=7 N0=5\n\n8:32\n"
        );
        Assert.Equal(["8:16", "mlx4_0", "", "8:32"], table.Keys);
        Assert.Equal(new Dictionary<string, long> { ["rbytes"] = 1, ["wbytes"] = 22 }, table["8:16"]);
        Assert.Equal((2L, long.MaxValue), (table["mlx4_0"]["hca_handle"], table["mlx4_0"]["hca_object"]));
        Assert.Equal((7L, 0), (table[""]["total"], table["8:32"].Count));
        Gen.String.Sample(text => CgroupText.Counts(text).Count + CgroupText.Table(text).Count >= 0);
    }

    [Fact]
    public void A_machine_with_v2_only_is_unified()
    {
        CgroupLayout layout = Layout(UnifiedMounts, "0::/user.slice/me\n", "cpuset cpu io memory pids\n");
        Assert.Equal(CgroupMode.Unified, layout.Mode);
        Assert.Equal("/sys/fs/cgroup/user.slice/me", layout.Unified!.OwnDirectory);
        Assert.Same(layout.Unified, layout.HierarchyOf("memory"));
        Assert.Null(layout.HierarchyOf("devices"));
        Assert.False(layout.Unified.IsReadOnly);
    }

    [Fact]
    public void A_machine_with_v1_only_is_legacy()
    {
        CgroupLayout layout = Layout(LegacyMounts, LegacyMemberships, "");
        Assert.Equal(CgroupMode.Legacy, layout.Mode);
        Assert.Null(layout.Unified);
        Assert.Equal(3, layout.Hierarchies.Count);
        CgroupHierarchy cpu = layout.HierarchyOf("cpuacct")!;
        Assert.Equal((1, "/sys/fs/cgroup/cpu,cpuacct"), (cpu.Version, cpu.OwnDirectory));
        CgroupHierarchy memory = layout.HierarchyOf("memory")!;
        Assert.Equal("/sys/fs/cgroup/memory/box", memory.OwnDirectory);
        Assert.True(memory.IsReadOnly);
        CgroupHierarchy named = layout.Hierarchies[2];
        Assert.Equal("systemd", named.Name);
        Assert.Empty(named.Controllers);
        Assert.Equal("/sys/fs/cgroup/systemd/init.scope", named.OwnDirectory);
    }

    [Fact]
    public void Controllers_on_both_make_a_hybrid()
    {
        CgroupLayout layout = Layout(
            LegacyMounts + "\n35 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n",
            LegacyMemberships + "0::/\n",
            "hugetlb\n"
        );
        Assert.Equal(CgroupMode.Hybrid, layout.Mode);
        Assert.Equal("/sys/fs/cgroup/unified", layout.Unified!.OwnDirectory);
        Assert.Equal(2, layout.HierarchyOf("hugetlb")!.Version);
        Assert.Equal(1, layout.HierarchyOf("memory")!.Version);
    }

    [Fact]
    public void A_named_v1_hierarchy_beside_v2_leaves_it_unified()
    {
        CgroupLayout layout = Layout(
            "34 31 0:31 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n" + UnifiedMounts,
            "1:name=systemd:/\n0::/\n",
            "memory"
        );
        Assert.Equal(CgroupMode.Unified, layout.Mode);
        Assert.Equal(2, layout.Hierarchies.Count);
    }

    [Fact]
    public void Without_a_mount_there_are_none()
    {
        CgroupLayout layout = Layout("27 1 254:0 / / rw - ext4 /dev/vda rw\n", "0::/\n", "");
        Assert.Equal(CgroupMode.None, layout.Mode);
        Assert.Empty(layout.Hierarchies);
        Assert.Null(layout.HierarchyOf("memory"));
    }

    [Fact]
    public void In_a_container_the_mount_shows_a_part_of_the_tree()
    {
        CgroupLayout layout = Layout(
            "30 27 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
            "0::/docker/abc/inner\n",
            "memory"
        );
        CgroupHierarchy unified = layout.Unified!;
        Assert.Equal("/sys/fs/cgroup/inner", unified.OwnDirectory);
        Assert.Equal("/sys/fs/cgroup", unified.DirectoryOf("/docker/abc"));
        Assert.Null(unified.DirectoryOf("/docker/abcd"));
        Assert.Null(unified.DirectoryOf("/docker"));
        Assert.True(unified.IsReadOnly);
    }

    [Fact]
    public void A_group_outside_the_namespace_has_no_directory()
    {
        CgroupLayout layout = Layout(UnifiedMounts, "0::/../other\n", "");
        Assert.Null(layout.Unified!.OwnDirectory);
    }

    [Fact]
    public void Of_several_mounts_the_one_that_shows_the_own_group_counts()
    {
        CgroupLayout layout = Layout(
            "29 27 0:26 /elsewhere /mnt/part rw - cgroup2 none rw\n" + UnifiedMounts,
            "0::/me\n",
            ""
        );
        Assert.Single(layout.Hierarchies);
        Assert.Equal("/sys/fs/cgroup/me", layout.Unified!.OwnDirectory);
    }

    [Fact]
    public void No_bytes_break_the_parser() =>
        Gen.OneOf(Gen.Byte.Array, MountInfoTests.Mutated(Encoding.UTF8.GetBytes(LegacyMounts + UnifiedMounts)))
            .Sample(text =>
                MountInfoTests.OnlyFormatErrors(() =>
                    CgroupLayout.Parse(text, ProcCgroup.Parse(Encoding.UTF8.GetBytes(LegacyMemberships)), _ => "memory")
                )
            );

    [Fact]
    public void The_machines_own_layout_is_read()
    {
        CgroupLayout layout = CgroupLayout.Read().OrThrow("read");
        Assert.SkipWhen(layout.Mode == CgroupMode.None, "no cgroups are mounted here");
        foreach (CgroupHierarchy hierarchy in layout.Hierarchies.Where(h => h.OwnDirectory is not null))
        {
            Assert.True(File.Exists($"{hierarchy.OwnDirectory}/cgroup.procs"), hierarchy.OwnDirectory);
        }

        Assert.NotEmpty(layout.Hierarchies.SelectMany(h => h.Controllers));
    }

    private static CgroupLayout Layout(string mounts, string memberships, string controllers) =>
        CgroupLayout.Parse(
            Encoding.UTF8.GetBytes(mounts),
            ProcCgroup.Parse(Encoding.UTF8.GetBytes(memberships)),
            _ => controllers
        );
}
