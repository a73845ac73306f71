using Tare.Runtime.HostView;

namespace Tare.Runtime.Tests.HostView;

public sealed class HostLayoutTests
{
    private readonly MadeUpMachine _machine = new();

    [Fact]
    public void For_root_the_machine_is_an_overlay_with_an_empty_tmp() =>
        Assert.Equal(["/: CopyOnWrite", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForRoot()));

    [Fact]
    public void Every_file_system_is_an_overlay_of_its_own_and_keeps_what_forbids_execution()
    {
        _machine.Mount("/home", "xfs");
        _machine.Mount("/srv", "btrfs", noExec: true);

        Assert.Equal(
            ["/: CopyOnWrite", "/home: CopyOnWrite", "/srv: CopyOnWrite noexec", "/tmp: Fresh"],
            MadeUpMachine.Words(_machine.ForRoot())
        );
    }

    [Fact]
    public void A_file_system_that_nobody_can_write_is_only_shown()
    {
        _machine.Mount("/media/cd", "iso9660", readOnly: true);

        Assert.Contains("/media/cd: ReadOnly", MadeUpMachine.Words(_machine.ForRoot()));
    }

    [Fact]
    public void A_file_on_which_another_is_mounted_is_only_shown()
    {
        _machine.Mount("/etc/hosts");
        _machine.Put("/etc/hosts", isDirectory: false);

        Assert.Contains(
            "/etc/hosts: ReadOnly file (a single file cannot be overlaid)",
            MadeUpMachine.Words(_machine.ForRoot())
        );
    }

    [Fact]
    public void What_gets_file_systems_of_its_own_is_no_part()
    {
        _machine.Mount("/proc", "proc");
        _machine.Mount("/dev", "devtmpfs");
        _machine.Mount("/sys", "sysfs");
        _machine.Mount("/sys/fs/cgroup", "cgroup2");
        _machine.Mount("/tmp/data", "ext4");

        Assert.Equal(["/: CopyOnWrite", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForRoot()));
    }

    [Fact]
    public void A_name_that_only_begins_alike_is_a_part()
    {
        _machine.Mount("/process", "ext4");

        Assert.Contains("/process: CopyOnWrite", MadeUpMachine.Words(_machine.ForRoot()));
    }

    [Theory]
    [InlineData("autofs")]
    [InlineData("binfmt_misc")]
    [InlineData("cgroup2")]
    [InlineData("fuse.lxcfs")]
    [InlineData("hugetlbfs")]
    [InlineData("nsfs")]
    [InlineData("tracefs")]
    public void What_holds_no_files_is_left_out(string type)
    {
        _machine.Mount("/a", type);

        Assert.Contains($"/a: LeftOut ({type} holds no files)", MadeUpMachine.Words(_machine.ForRoot()));
    }

    [Fact]
    public void What_lies_below_something_that_is_left_out_is_no_part()
    {
        int pseudo = _machine.Mount("/run/a", "nsfs");
        _machine.Mount("/run/a/b", "ext4", pseudo);

        Assert.Equal(
            ["/: CopyOnWrite", "/run/a: LeftOut (nsfs holds no files)", "/tmp: Fresh"],
            MadeUpMachine.Words(_machine.ForRoot())
        );
    }

    [Fact]
    public void Another_containers_overlay_is_left_out_unless_one_works_in_it()
    {
        _machine.Mount("/var/lib/c/merged", "overlay");

        Assert.Contains(
            "/var/lib/c/merged: LeftOut (an overlay belongs to another container)",
            MadeUpMachine.Words(_machine.ForRoot())
        );
        Assert.Contains(
            "/var/lib/c/merged: CopyOnWrite",
            MadeUpMachine.Words(_machine.ForRoot("/var/lib/c/merged/src"))
        );
    }

    [Fact]
    public void A_root_that_is_an_overlay_itself_is_no_other_container()
    {
        MadeUpMachine inside = new();
        inside.Mount("/", "overlay");

        Assert.Equal("/: CopyOnWrite", MadeUpMachine.Words(inside.ForRoot())[0]);
    }

    [Fact]
    public void What_cannot_be_read_is_left_out()
    {
        _machine.Mount("/secret");
        _machine.Put("/secret", isReadable: false);

        Assert.Contains("/secret: LeftOut (it cannot be read)", MadeUpMachine.Words(_machine.ForRoot()));
    }

    [Fact]
    public void A_layer_has_the_owner_and_permissions_of_what_it_covers()
    {
        _machine.Mount("/home");
        _machine.Put("/home", owner: 7, mode: 0x1C0);

        HostPart home = _machine.ForRoot().Parts.Single(part => part.Path == "/home");

        Assert.Equal((7u, 7u, 0x1C0u), (home.Uid, home.Gid, home.Mode));
        Assert.Equal(0x3FFu, _machine.ForRoot().Parts.Single(part => part.Path == "/tmp").Mode);
    }

    [Fact]
    public void Work_in_tmp_is_not_lost_from_view()
    {
        Assert.Equal(
            ["/: CopyOnWrite", "/tmp: Fresh", "/tmp/work: CopyOnWrite made"],
            MadeUpMachine.Words(_machine.ForRoot("/tmp/work"))
        );
        Assert.Equal(["/: CopyOnWrite", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForRoot("/tmp")));
    }

    [Fact]
    public void Several_directories_can_be_empty_and_one_that_is_missing_is_not_made()
    {
        _machine.Remove("/var/tmp");

        Assert.Equal(
            ["/: CopyOnWrite", "/tmp: Fresh", "/run/x: Fresh"],
            MadeUpMachine.Words(_machine.ForRoot("/root", "/tmp", "/var/tmp", "/run/x"))
        );
    }

    [Fact]
    public void An_ordinary_user_sees_all_and_writes_at_home()
    {
        _machine.Put("/home/u", owner: 1000);
        _machine.Put("/home/u/src", owner: 1000);

        Assert.Equal(
            ["/: ReadOnly recursive", "/tmp: Fresh", "/home/u: CopyOnWrite"],
            MadeUpMachine.Words(_machine.ForUser("/home/u/src"))
        );
    }

    [Fact]
    public void An_ordinary_user_writes_in_a_working_directory_of_the_users_own()
    {
        _machine.Put("/home/u", owner: 1000);
        _machine.Put("/srv/u", owner: 1000);
        _machine.Put("/srv/other", owner: 1001);

        Assert.Equal(
            ["/: ReadOnly recursive", "/tmp: Fresh", "/home/u: CopyOnWrite", "/srv/u: CopyOnWrite"],
            MadeUpMachine.Words(_machine.ForUser("/srv/u"))
        );
        Assert.Equal(
            ["/: ReadOnly recursive", "/tmp: Fresh", "/home/u: CopyOnWrite"],
            MadeUpMachine.Words(_machine.ForUser("/srv/other"))
        );
    }

    [Theory]
    [InlineData("/home/u", 1001u)]
    [InlineData("/", 1000u)]
    [InlineData(null, 1000u)]
    [InlineData("/proc/1", 1000u)]
    public void A_home_that_is_none_is_no_part(string? home, uint owner)
    {
        if (home is not null)
        {
            _machine.Put(home, owner);
        }

        Assert.Equal(["/: ReadOnly recursive", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForUser("/usr", home)));
    }

    [Fact]
    public void A_home_in_tmp_is_made_there()
    {
        _machine.Put("/tmp/h/u", owner: 1000);

        Assert.Equal(
            ["/: ReadOnly recursive", "/tmp: Fresh", "/tmp/h/u: CopyOnWrite made"],
            MadeUpMachine.Words(_machine.ForUser("/usr", "/tmp/h/u"))
        );
    }

    [Fact]
    public void What_has_a_mount_below_is_only_shown_to_an_ordinary_user()
    {
        _machine.Put("/home/u", owner: 1000);
        _machine.Put("/srv/u", owner: 1000);
        _machine.Mount("/home/u/nas", "nfs");
        _machine.Mount("/srv/u/a", "tmpfs");

        Assert.Equal(
            [
                "/: ReadOnly recursive",
                "/tmp: Fresh",
                "/home/u: ReadOnly recursive (a user namespace cannot overlay it while /home/u/nas is mounted below)",
                "/srv/u: ReadOnly recursive (a user namespace cannot overlay it while /srv/u/a is mounted below)",
            ],
            MadeUpMachine.Words(_machine.ForUser("/srv/u"))
        );
    }

    [Fact]
    public void Another_users_directory_in_tmp_is_shown_but_not_to_be_written()
    {
        _machine.Put("/tmp/work", owner: 1001);

        Assert.Equal(
            [
                "/: ReadOnly recursive",
                "/tmp: Fresh",
                "/tmp/work: ReadOnly recursive made (it belongs to another user, and a user namespace can overlay only its "
                    + "user's own directories)",
            ],
            MadeUpMachine.Words(_machine.ForUser("/tmp/work", home: null))
        );
    }

    [Theory]
    [InlineData("/proc/self")]
    [InlineData("/dev/shm")]
    [InlineData("/sys")]
    public void A_working_directory_in_what_is_mounted_anyway_is_no_part(string path)
    {
        _machine.Put(path, owner: 1000);

        Assert.Equal(["/: CopyOnWrite", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForRoot(path)));
        Assert.Equal(["/: ReadOnly recursive", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForUser(path, home: null)));
    }

    [Fact]
    public void A_working_directory_that_is_gone_is_no_part()
    {
        _machine.Remove("/tmp/gone");

        Assert.Equal(["/: CopyOnWrite", "/tmp: Fresh"], MadeUpMachine.Words(_machine.ForRoot("/tmp/gone")));
    }

    [Fact]
    public void A_single_directory_can_be_the_whole_view()
    {
        HostLayout layout = HostLayout.OfDirectory(
            isPrivileged: true,
            "/srv/rootfs",
            new HostFile(IsDirectory: true, IsReadable: true, 5, 6, 0x1C0)
        );

        HostPart part = Assert.Single(layout.Parts);
        Assert.Equal(("/", "/srv/rootfs", HostPartKind.CopyOnWrite), (part.Path, part.Source, part.Kind));
        Assert.Equal((5u, 6u, 0x1C0u), (part.Uid, part.Gid, part.Mode));
    }
}
