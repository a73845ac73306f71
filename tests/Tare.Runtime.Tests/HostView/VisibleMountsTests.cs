using CsCheck;
using Tare.Runtime.HostView;

namespace Tare.Runtime.Tests.HostView;

public sealed class VisibleMountsTests
{
    [Fact]
    public void A_parent_comes_before_what_lies_on_it() =>
        Assert.Equal(
            ["/", "/a", "/a/b", "/c"],
            Paths(Mount(4, 1, "/c"), Mount(3, 2, "/a/b"), Mount(2, 1, "/a"), Mount(1, 0, "/"))
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void What_is_mounted_over_covers_what_was_there()
    {
        IReadOnlyList<HostMount> visible = VisibleMounts.Of([
            Mount(1, 0, "/"),
            Mount(2, 1, "/a", "ext4"),
            Mount(3, 2, "/a", "xfs"),
            Mount(4, 3, "/a/b"),
            Mount(5, 2, "/a/c"),
        ]);

        Assert.Equal([1, 3, 4], visible.Select(mount => mount.Id));
    }

    [Fact]
    public void A_root_that_is_mounted_over_another_covers_all_of_it()
    {
        // As in an initramfs: the first root is covered, and what is mounted on it is out of reach.
        IReadOnlyList<HostMount> visible = VisibleMounts.Of([
            Mount(1, 1, "/", "rootfs"),
            Mount(2, 1, "/old"),
            Mount(3, 1, "/", "ext4"),
            Mount(4, 3, "/new"),
        ]);

        Assert.Equal([3, 4], visible.Select(mount => mount.Id));
    }

    [Fact]
    public void What_a_later_mount_above_covers_is_not_visible()
    {
        // Both lie on the root, so /a was mounted after /a/b.
        IReadOnlyList<HostMount> visible = VisibleMounts.Of([
            Mount(1, 0, "/"),
            Mount(2, 1, "/a/b"),
            Mount(3, 1, "/a"),
            Mount(4, 2, "/a/b/c"),
        ]);

        Assert.Equal([1, 3], visible.Select(mount => mount.Id));
    }

    [Fact]
    public void Mounts_whose_parents_are_out_of_sight_are_not_reached() =>
        Assert.Equal(["/"], Paths(Mount(1, 0, "/"), Mount(7, 99, "/a")));

    [Fact]
    public void A_table_without_a_root_has_nothing_visible() => Assert.Empty(Paths(Mount(2, 1, "/a")));

    [Theory]
    [InlineData("/", "/a", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/b", true)]
    [InlineData("/a", "/ab", false)]
    [InlineData("/a/b", "/a", false)]
    public void Containing_counts_whole_names(string ancestor, string path, bool contains) =>
        Assert.Equal(contains, VisibleMounts.Contains(ancestor, path));

    [Fact]
    public void In_any_tree_each_visible_path_is_there_once() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 5])
            .Array[0, 12]
            .Sample(shape =>
            {
                // Each mount lies on an earlier one: at its own path, or below it.
                List<HostMount> table = [Mount(1, 0, "/")];
                foreach ((int parent, int name) in shape)
                {
                    HostMount on = table[parent % table.Count];
                    string path = name == 0 ? on.Path : $"{on.Path.TrimEnd('/')}/{name % 3}";
                    table.Add(Mount(table.Count + 1, on.Id, path));
                }

                IReadOnlyList<HostMount> visible = VisibleMounts.Of(table);

                Assert.Equal(visible.Count, visible.DistinctBy(mount => mount.Path).Count());
                Assert.Equal("/", visible[0].Path);
                for (int i = 0; i < visible.Count; i++)
                {
                    Assert.All(
                        visible.Skip(i + 1),
                        later => Assert.False(VisibleMounts.Contains(later.Path, visible[i].Path))
                    );
                }
            });

    private static IEnumerable<string> Paths(params HostMount[] table) =>
        VisibleMounts.Of(table).Select(mount => mount.Path);

    private static HostMount Mount(int id, int parent, string path, string type = "ext4") =>
        new(id, parent, path, type, IsReadOnly: false, IsNoExec: false);
}
