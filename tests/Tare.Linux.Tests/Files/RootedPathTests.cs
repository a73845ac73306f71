using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public sealed class RootedPathTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly DirectoryFd _root;

    public RootedPathTests()
    {
        Directory.CreateDirectory(_temporary.At("root", "etc"));
        _temporary.Write("root/etc/passwd", "inside");
        _temporary.Write("secret", "outside");
        _root = Files.OpenDirectoryAt(null, _temporary.At("root"), OpenFlags.O_PATH).OrThrow("openat");
    }

    public void Dispose()
    {
        _root.Dispose();
        _temporary.Dispose();
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("etc/passwd")]
    [InlineData("../../../../../etc/passwd")]
    [InlineData("absolute")]
    [InlineData("climbing")]
    public void Every_way_up_ends_at_the_root(string path)
    {
        File.CreateSymbolicLink(_temporary.At("root", "absolute"), "/etc/passwd");
        File.CreateSymbolicLink(_temporary.At("root", "climbing"), "../../../../../../../etc/passwd");
        using FileFd file = Files.OpenAt2(new RootedPath(_root, path), OpenFlags.O_RDONLY).OrThrow("openat2", path);
        Assert.Equal("inside"u8.ToArray(), Files.ReadToEnd(file, 100).OrThrow("read"));
    }

    [Fact]
    public void What_lies_beside_the_root_is_not_there()
    {
        File.CreateSymbolicLink(_temporary.At("root", "link"), _temporary.At("secret"));
        Assert.Equal(Errno.ENOENT, Files.OpenAt2(new RootedPath(_root, "link"), OpenFlags.O_RDONLY).Errno);
        Assert.Equal(Errno.ENOENT, Files.OpenAt2(new RootedPath(_root, "../secret"), OpenFlags.O_RDONLY).Errno);
    }

    [Fact]
    public void Magic_links_are_not_followed()
    {
        using DirectoryFd proc = Files.OpenDirectoryAt(null, "/proc", OpenFlags.O_PATH).OrThrow("openat");
        Assert.Equal(Errno.ELOOP, Files.OpenAt2(new RootedPath(proc, "self/root"), OpenFlags.O_PATH).Errno);
        Assert.Equal(Errno.ELOOP, Files.OpenDirectoryAt2(new RootedPath(proc, "self/cwd")).Errno);
    }

    [Fact]
    public void A_directory_is_opened_as_one()
    {
        using DirectoryFd etc = Files.OpenDirectoryAt2(new RootedPath(_root, "etc")).OrThrow("openat2");
        Assert.Single(DirectoryEntries.Read(etc).OrThrow("getdents64"));
        Assert.Equal(Errno.ENOTDIR, Files.OpenDirectoryAt2(new RootedPath(_root, "etc/passwd")).Errno);
    }

    [Fact]
    public void Without_openat2_there_is_an_errno_and_no_weaker_walk() =>
        MissingCall.Run(
            Syscall.openat2,
            Errno.ENOSYS,
            () => Assert.Equal(Errno.ENOSYS, Files.OpenAt2(new RootedPath(_root, "etc"), OpenFlags.O_PATH).Errno)
        );

    [Fact]
    public void Only_a_regular_file_is_opened_where_one_is_wanted()
    {
        SysResult<FileFd> directory = Files.OpenRegularAt2(new RootedPath(_root, "etc"), OpenFlags.O_RDONLY);
        Assert.SkipWhen(directory.Errno == Errno.EINVAL, "needs OPENAT2_REGULAR (Linux 7.2)");

        Assert.Equal(Errno.EFTYPE, directory.Errno);
    }
}
