using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>crun's <c>copy-symlink</c>, <c>src-nofollow</c> and <c>dest-nofollow</c>.</summary>
public sealed class SymlinkMountTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly string _rootfs;

    public SymlinkMountTests() => _rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));

    [Fact]
    public void A_symlink_is_made_instead_of_a_mount_and_may_be_there_already()
    {
        string source = Link("source", "to/nowhere");

        for (int i = 0; i < 2; i++)
        {
            string[] lines = Lines(
                "readlink /new/dir/link; grep -c ' /new/dir/link ' /proc/self/mountinfo; true",
                "/new/dir/link",
                source,
                "bind",
                "copy-symlink"
            );
            Assert.Equal(["to/nowhere", "0"], lines);
        }

        Assert.Equal("to/nowhere", new FileInfo(Path.Combine(_rootfs, "new/dir/link")).LinkTarget);
    }

    [Fact]
    public void A_symlink_of_the_longest_text_is_made_and_known_again()
    {
        string text = string.Join('/', Enumerable.Repeat(new string('x', 254), 16));
        string source = Link("source", text);

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal([text], Lines("readlink /link", "/link", source, "bind", "copy-symlink"));
        }
    }

    [Theory]
    [InlineData("other")]
    [InlineData("to/nowher")]
    [InlineData("to/nowhere-else")]
    [InlineData(null)]
    public void Whatever_else_is_there_stays_and_is_refused(string? text)
    {
        string source = Link("source", "to/nowhere");
        string there = Path.Combine(_rootfs, "link");
        if (text is null)
        {
            File.WriteAllText(there, "content");
        }
        else
        {
            File.CreateSymbolicLink(there, text);
        }

        string error = Fails("/link", source, "bind", "copy-symlink");

        Assert.Equal(
            $"tare-oci: make sure that '/link', which is there already, is a symlink to 'to/nowhere': {(text is null ? "EINVAL" : "EEXIST")}\n",
            error
        );
        Assert.Equal(text, new FileInfo(there).LinkTarget);
    }

    [Fact]
    public void What_is_no_symlink_is_mounted_as_ever()
    {
        string file = _runtime.Folder.Write("file", "content\n");

        Assert.Equal(["content"], Lines("cat /new/file", "/new/file", file, "bind", "copy-symlink"));
        Assert.Equal(
            "tare-oci: read the symlink '/not/there': ENOENT\n",
            Fails("/x", "/not/there", "bind", "copy-symlink")
        );
    }

    [Fact]
    public void A_symlink_whose_text_would_be_altered_is_refused()
    {
        string source = _runtime.Folder.At("source");
        Tool.Run("sh", "-c", "ln -s \"$(printf 'caf\\351')\" \"$1\"", "sh", source).ShouldSucceed();

        Assert.EndsWith(
            $"].source: the text of the symlink '{source}' is not UTF-8 (leave copy-symlink out)\n",
            Fails("/link", source, "bind", "copy-symlink"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nothing_is_restored_with_an_option_that_could_not_have_been_saved()
    {
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => ConfigMounts.Add(config, "/link", "bind", "/x", "bind", "dest-nofollow")
        );

        Assert.Equal(
            "tare-oci: a container with the mount option dest-nofollow cannot be saved or restored (leave it out of '/link')\n",
            _runtime
                .Do("restore", "--image-path", _runtime.Folder.Path, "--bundle", bundle.Path, _runtime.NewId())
                .ShouldExitWith(1)
                .Errors
        );
    }

    [Fact]
    public void A_symlink_is_made_inside_whatever_the_image_says()
    {
        string outside = _runtime.Folder.At("outside");
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(_rootfs + outside);
        File.CreateSymbolicLink(Path.Combine(_rootfs, "way"), $"../../../../../../..{outside}");

        Lines("true", "/way/link", Link("source", "x"), "bind", "copy-symlink");

        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Equal("x", new FileInfo($"{_rootfs}{outside}/link").LinkTarget);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_symlink_is_shown_itself_or_what_it_leads_to(bool itself)
    {
        string source = Link("source", _runtime.Folder.Write("file", "content\n"));

        string[] lines = Lines(
            "readlink /link || cat /link",
            "/link",
            source,
            itself ? ["bind", "src-nofollow"] : ["bind"]
        );

        Assert.Equal([itself ? _runtime.Folder.At("file") : "content"], lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_symlink_is_covered_itself_or_what_it_leads_to(bool itself)
    {
        string source = _runtime.Folder.Write("file", "content\n");
        File.CreateSymbolicLink(Path.Combine(_rootfs, "link"), "target");
        File.WriteAllText(Path.Combine(_rootfs, "target"), "the image's\n");

        string[] lines = Lines(
            "cat /link /target; readlink /link",
            "/link",
            source,
            itself ? ["bind", "dest-nofollow"] : ["bind"],
            "; true"
        );

        Assert.Equal(itself ? ["content", "the image's"] : ["content", "content", "target"], lines);
        Assert.Equal("target", new FileInfo(Path.Combine(_rootfs, "link")).LinkTarget);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_symlink_covers_a_symlink(bool hasUserNamespace)
    {
        string source = Link("source", "the-hosts");
        File.CreateSymbolicLink(Path.Combine(_rootfs, "link"), "the-images");

        string[] lines = _runtime.Lines(
            "readlink /link",
            config =>
            {
                config["root"]!["path"] = _rootfs;
                if (hasUserNamespace)
                {
                    UserNamespaces.Add(config);
                }

                ConfigMounts.Add(config, "/link", "bind", source, "bind", "src-nofollow", "dest-nofollow");
            }
        );

        Assert.Equal(["the-hosts"], lines);
    }

    [Fact]
    public void What_is_to_be_covered_itself_must_be_there() =>
        Assert.Equal(
            "tare-oci: open '/not/there': ENOENT\n",
            Fails("/not/there", _runtime.Folder.Write("file", ""), "bind", "dest-nofollow")
        );

    [Fact]
    public void A_symlink_into_procfs_is_covered_and_leads_nowhere()
    {
        string source = _runtime.Folder.Write("file", "content\n");
        File.CreateSymbolicLink(Path.Combine(_rootfs, "link"), "/proc/self/status");

        Assert.Equal(["content"], Lines("cat /link", "/link", source, "bind", "dest-nofollow"));
        Assert.Equal(
            "tare-oci: make sure that '/link' does not lead into a procfs: EXDEV\n",
            Fails("/link", source, "bind")
        );
    }

    public void Dispose() => _runtime.Dispose();

    private string Link(string name, string text)
    {
        string link = _runtime.Folder.At(name);
        File.CreateSymbolicLink(link, text);
        return link;
    }

    private string[] Lines(string script, string destination, string source, params string[] options) =>
        Lines(script, destination, source, options, "");

    private string[] Lines(string script, string destination, string source, string[] options, string more) =>
        _runtime.Lines(
            script + more,
            config =>
            {
                config["root"]!["path"] = _rootfs;
                ConfigMounts.Add(config, destination, "bind", source, options);
            }
        );

    private string Fails(string destination, string source, params string[] options)
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                config["root"]!["path"] = _rootfs;
                ConfigMounts.Add(config, destination, "bind", source, options);
            }
        );
        string errors = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors;
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
        return errors;
    }
}
