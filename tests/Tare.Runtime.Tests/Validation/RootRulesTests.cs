using Tare.Fixtures;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

public sealed class RootRulesTests : IDisposable
{
    private readonly TemporaryDirectory _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void A_root_file_system_is_a_directory_in_the_bundle_or_anywhere()
    {
        Directory.CreateDirectory(_bundle.At("rootfs"));

        Assert.Equal(_bundle.At("rootfs"), Root("rootfs").Path);
        Assert.Equal(_bundle.At("rootfs"), Root(_bundle.At("rootfs") + "/").Path);
        Assert.True(Root("rootfs").IsReadOnly);
    }

    [Fact]
    public void One_that_is_missing_is_refused()
    {
        Assert.Equal(
            "root: is missing (name the root file system's directory in root.path)",
            Refusal.Of(Specs.Default with { Root = null }, Context)
        );
        Assert.Equal("root.path: is empty or contains a zero byte (name a directory)", Refuse(""));
        Assert.Equal("root.path: is empty or contains a zero byte (name a directory)", Refuse("a\0"));
        Assert.Equal(
            $"root.path: '{_bundle.At("none")}' does not exist: ENOENT (unpack a root file system there)",
            Refuse("none")
        );
        Assert.Equal(
            $"root.path: '{_bundle.At("a", "b")}' does not exist: ENOENT (unpack a root file system there)",
            Refuse("a/b")
        );
    }

    [Fact]
    public void One_that_cannot_be_reached_is_refused()
    {
        File.CreateSymbolicLink(_bundle.At("round"), "round");
        string tooLong = new('a', 300);

        Assert.Equal(
            $"root.path: '{_bundle.At("round", "rootfs")}' cannot be reached: ELOOP (name a directory)",
            Refuse("round/rootfs")
        );
        Assert.Equal(
            $"root.path: '{_bundle.At(tooLong)}' cannot be reached: ENAMETOOLONG (name a directory)",
            Refuse(tooLong)
        );
    }

    [Fact]
    public void One_that_is_no_directory_is_refused()
    {
        _bundle.Write("file", "");
        Directory.CreateDirectory(_bundle.At("rootfs"));
        File.CreateSymbolicLink(_bundle.At("link"), "rootfs");
        File.CreateSymbolicLink(_bundle.At("dangling"), "nowhere");

        Assert.Equal(
            $"root.path: '{_bundle.At("file")}' is not a directory: ENOTDIR (name a directory)",
            Refuse("file")
        );
        Assert.Equal($"root.path: '{_bundle.At("link")}' is a symlink (name the directory itself)", Refuse("link"));
        Assert.Equal(
            $"root.path: '{_bundle.At("dangling")}' is a symlink (name the directory itself)",
            Refuse("dangling")
        );
    }

    [Fact]
    public void One_that_is_given_otherwise_is_not_looked_at() =>
        Assert.Equal(
            new ValidatedRoot("", IsReadOnly: true, default),
            Specs.Validate(Specs.Default with { Root = new RootSpec("/none", Readonly: true) }).Root
        );

    private ValidationContext Context => new(_bundle.Path);

    private ValidatedRoot Root(string path) =>
        SpecValidator.Validate(Specs.Default with { Root = new RootSpec(path, Readonly: true) }, Context).Root;

    private string Refuse(string path) =>
        Refusal.Of(Specs.Default with { Root = new RootSpec(path, Readonly: false) }, Context);
}
