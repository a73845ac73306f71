using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;
using A = Tare.Linux.Abi.MountAttributeFlags;
using M = Tare.Linux.Abi.MountFlags;

namespace Tare.Runtime.Tests.Validation;

public sealed class MountOptionsTests
{
    // What mount(8) says of each: the flag, and whether the option takes it away.
    public static TheoryData<string, M, bool> Flags { get; } =
        new()
        {
            { "async", M.MS_SYNCHRONOUS, true },
            { "atime", M.MS_NOATIME, true },
            { "bind", M.MS_BIND, false },
            { "defaults", M.None, false },
            { "dev", M.MS_NODEV, true },
            { "diratime", M.MS_NODIRATIME, true },
            { "dirsync", M.MS_DIRSYNC, false },
            { "exec", M.MS_NOEXEC, true },
            { "iversion", M.MS_I_VERSION, false },
            { "lazytime", M.MS_LAZYTIME, false },
            { "loud", M.MS_SILENT, true },
            { "mand", M.MS_MANDLOCK, false },
            { "noatime", M.MS_NOATIME, false },
            { "nodev", M.MS_NODEV, false },
            { "nodiratime", M.MS_NODIRATIME, false },
            { "noexec", M.MS_NOEXEC, false },
            { "noiversion", M.MS_I_VERSION, true },
            { "nolazytime", M.MS_LAZYTIME, true },
            { "nomand", M.MS_MANDLOCK, true },
            { "norelatime", M.MS_RELATIME, true },
            { "nostrictatime", M.MS_STRICTATIME, true },
            { "nosuid", M.MS_NOSUID, false },
            { "nosymfollow", M.MS_NOSYMFOLLOW, false },
            { "rbind", M.MS_BIND | M.MS_REC, false },
            { "relatime", M.MS_RELATIME, false },
            { "remount", M.MS_REMOUNT, false },
            { "ro", M.MS_RDONLY, false },
            { "rw", M.MS_RDONLY, true },
            { "silent", M.MS_SILENT, false },
            { "strictatime", M.MS_STRICTATIME, false },
            { "suid", M.MS_NOSUID, true },
            { "symfollow", M.MS_NOSYMFOLLOW, true },
            { "sync", M.MS_SYNCHRONOUS, false },
        };

    public static TheoryData<string, A, A> Attributes { get; } =
        new()
        {
            { "rro", A.MOUNT_ATTR_RDONLY, 0 },
            { "rrw", 0, A.MOUNT_ATTR_RDONLY },
            { "rnosuid", A.MOUNT_ATTR_NOSUID, 0 },
            { "rsuid", 0, A.MOUNT_ATTR_NOSUID },
            { "rnodev", A.MOUNT_ATTR_NODEV, 0 },
            { "rdev", 0, A.MOUNT_ATTR_NODEV },
            { "rnoexec", A.MOUNT_ATTR_NOEXEC, 0 },
            { "rexec", 0, A.MOUNT_ATTR_NOEXEC },
            { "rnodiratime", A.MOUNT_ATTR_NODIRATIME, 0 },
            { "rdiratime", 0, A.MOUNT_ATTR_NODIRATIME },
            { "rnosymfollow", A.MOUNT_ATTR_NOSYMFOLLOW, 0 },
            { "rsymfollow", 0, A.MOUNT_ATTR_NOSYMFOLLOW },
            // One way of noting access times takes the place of another: the field is cleared first.
            { "rnoatime", A.MOUNT_ATTR_NOATIME, A.MOUNT_ATTR__ATIME },
            { "ratime", 0, A.MOUNT_ATTR__ATIME },
            { "rstrictatime", A.MOUNT_ATTR_STRICTATIME, A.MOUNT_ATTR__ATIME },
            { "rnostrictatime", 0, A.MOUNT_ATTR__ATIME },
            { "rrelatime", 0, A.MOUNT_ATTR__ATIME },
            { "rnorelatime", 0, A.MOUNT_ATTR__ATIME },
        };

    public static TheoryData<string, M> Propagations { get; } =
        new()
        {
            { "private", M.MS_PRIVATE },
            { "rprivate", M.MS_PRIVATE | M.MS_REC },
            { "shared", M.MS_SHARED },
            { "rshared", M.MS_SHARED | M.MS_REC },
            { "slave", M.MS_SLAVE },
            { "rslave", M.MS_SLAVE | M.MS_REC },
            { "unbindable", M.MS_UNBINDABLE },
            { "runbindable", M.MS_UNBINDABLE | M.MS_REC },
        };

    [Theory]
    [MemberData(nameof(Flags))]
    public void A_flag_of_mount_is_set_or_taken_away(string option, M flag, bool off)
    {
        MountOptions options = MountOptions.Parse("options", [option]);

        Assert.Equal((off ? M.None : flag, off ? flag : M.None, ""), (options.Flags, options.Cleared, options.Data));
        Assert.Equal((A)0, options.RecursiveSet | options.RecursiveClear);
        Assert.Empty(options.Propagation);
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void An_attribute_of_a_whole_tree_is_set_or_taken_away(string option, A set, A clear)
    {
        MountOptions options = MountOptions.Parse("options", [option]);

        Assert.Equal((set, clear), (options.RecursiveSet, options.RecursiveClear));
        Assert.Equal((M.None, M.None, ""), (options.Flags, options.Cleared, options.Data));
    }

    [Theory]
    [MemberData(nameof(Propagations))]
    public void Propagation_is_kept_apart(string option, M kind)
    {
        MountOptions options = MountOptions.Parse("options", [option]);

        Assert.Equal([kind], options.Propagation);
        Assert.Equal((M.None, M.None, ""), (options.Flags, options.Cleared, options.Data));
    }

    [Theory]
    [InlineData("idmap", false)]
    [InlineData("ridmap", true)]
    public void Owners_are_mapped_in_the_mount_or_in_all_below(string option, bool below)
    {
        MountOptions options = MountOptions.Parse("options", ["rbind", option]);

        Assert.Equal((true, below), (options.IsMapped, options.IsMappedBelow));
        Assert.Equal("", options.Data);
    }

    [Fact]
    public void A_tmpfs_may_begin_with_what_it_covers()
    {
        MountOptions options = MountOptions.Parse("options", ["size=1m", "tmpcopyup"]);

        Assert.True(options.CopiesUp);
        Assert.Equal("size=1m", options.Data);
    }

    [Theory]
    [InlineData("copy-symlink", true, false, false)]
    [InlineData("src-nofollow", false, true, false)]
    [InlineData("dest-nofollow", false, false, true)]
    public void A_symlink_may_be_copied_or_shown_or_covered(string option, bool copies, bool shows, bool covers)
    {
        MountOptions options = MountOptions.Parse("options", ["bind", option]);

        Assert.Equal((copies, shows, covers), (options.CopiesSymlink, options.ShowsSymlink, options.CoversSymlink));
        Assert.Equal((option, ""), (options.NamesSymlink, options.Data));
    }

    [Fact]
    public void No_name_is_left_untested() =>
        Assert.Equal(
            MountOptionTable.Names,
            Flags
                .Select(row => row.Data.Item1)
                .Concat(Attributes.Select(row => row.Data.Item1))
                .Concat(Propagations.Select(row => row.Data.Item1))
                .Concat(["idmap", "ridmap", "tmpcopyup", "copy-symlink", "src-nofollow", "dest-nofollow"])
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_option_that_runc_knows_is_known_or_refused()
    {
        string runc = Require.Program("runc");
        JsonNode features = JsonNode.Parse(Tool.Run(runc, "features").ShouldSucceed().Output)!;

        // File systems with access control lists know these by themselves.
        string[] theFileSystems = ["acl", "noacl"];
        string[] unknown =
        [
            .. features["mountOptions"]!
                .AsArray()
                .Select(option => (string)option!)
                .Except(theFileSystems)
                .Where(option => !MountOptionTable.Names.Contains(option) && !IsRefused(option)),
        ];

        Assert.Empty(unknown);
    }

    [Fact]
    public void The_later_one_holds()
    {
        Assert.Equal((M.None, M.MS_RDONLY), FlagsOf("ro", "rw"));
        Assert.Equal((M.MS_RDONLY, M.None), FlagsOf("rw", "ro"));
        Assert.Equal((M.MS_STRICTATIME, M.None), FlagsOf("noatime", "relatime", "strictatime"));
        Assert.Equal((M.MS_NOATIME, M.None), FlagsOf("strictatime", "noatime"));

        MountOptions options = MountOptions.Parse("options", ["rro", "rrw", "rnoatime", "rstrictatime", "rnoexec"]);
        Assert.Equal(A.MOUNT_ATTR_STRICTATIME | A.MOUNT_ATTR_NOEXEC, options.RecursiveSet);
        Assert.Equal(A.MOUNT_ATTR__ATIME | A.MOUNT_ATTR_RDONLY, options.RecursiveClear);
    }

    [Fact]
    public void Propagation_is_applied_in_order() =>
        Assert.Equal(
            [M.MS_SLAVE | M.MS_REC, M.MS_SHARED],
            MountOptions.Parse("options", ["rslave", "shared"]).Propagation
        );

    [Fact]
    public void The_file_system_gets_what_nobody_knows_in_order() =>
        Assert.Equal(
            "mode=755,size=64k,x",
            MountOptions.Parse("options", ["mode=755", "nosuid", "size=64k", "", "x"]).Data
        );

    [Theory]
    [InlineData("ro,noatime", "", MountAttributeFlags.MOUNT_ATTR_RDONLY | A.MOUNT_ATTR_NOATIME, A.MOUNT_ATTR__ATIME)]
    [InlineData("rw,exec", "", (A)0, A.MOUNT_ATTR_RDONLY | A.MOUNT_ATTR_NOEXEC)]
    [InlineData("atime", "", (A)0, A.MOUNT_ATTR__ATIME)]
    [InlineData("relatime", "", (A)0, A.MOUNT_ATTR__ATIME)]
    [InlineData("strictatime", "", A.MOUNT_ATTR_STRICTATIME, A.MOUNT_ATTR__ATIME)]
    [InlineData("nodiratime,nosymfollow", "", A.MOUNT_ATTR_NODIRATIME | A.MOUNT_ATTR_NOSYMFOLLOW, (A)0)]
    [InlineData("bind,sync", "", (A)0, (A)0)]
    public void A_mount_that_has_attributes_already_gets_what_was_named(string options, string data, A set, A clear)
    {
        MountOptions parsed = MountOptions.Parse("options", options.Split(','));

        Assert.Equal((set, clear), Runtime.Planning.MountAttributes.Of(parsed.Flags, parsed.Cleared));
        Assert.Equal(data, parsed.Data);
    }

    private static (M Flags, M Cleared) FlagsOf(params string[] options)
    {
        MountOptions parsed = MountOptions.Parse("options", options);
        return (parsed.Flags, parsed.Cleared);
    }

    private static bool IsRefused(string option)
    {
        SpecException e = Assert.Throws<SpecException>(() => MountOptions.Parse("options", [option]));
        return e.Message == $"options: the mount option '{option}' is not supported yet (leave it out)";
    }
}
