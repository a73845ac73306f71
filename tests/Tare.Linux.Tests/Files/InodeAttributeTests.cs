using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class InodeAttributeTests
{
    [Fact]
    public void Flags_are_set_beside_what_else_a_file_has()
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "x");
        InodeAttributes before = Get(file);
        InodeAttributes wanted = before;
        wanted.Flags |= InodeFlags.FS_XFLAG_NODUMP;

        Files.SetInodeAttributes(null, file, wanted).OrThrow("file_setattr");

        Assert.Equal(wanted.Flags, Get(file).Flags);
        Assert.NotEqual(before.Flags, wanted.Flags);
        using FileFd opened = Files.OpenAt(null, file, OpenFlags.O_RDONLY).OrThrow("open");
        InodeAttributes ofDescriptor = Files
            .GetInodeAttributes(opened, "", AtFlags.AT_EMPTY_PATH)
            .OrThrow("file_getattr");
        Assert.Equal(wanted.Flags, ofDescriptor.Flags);
        Assert.Equal(Quotas.GetProject(opened).Value, ofDescriptor.Project);
    }

    [Fact]
    public void A_symbolic_link_has_its_own()
    {
        using TemporaryDirectory directory = new();
        string link = directory.At("link");
        File.CreateSymbolicLink(link, directory.At("nowhere"));

        Assert.Equal(Errno.ENOENT, Files.GetInodeAttributes(null, directory.At("nothing")).Errno);
        SysResult<InodeAttributes> own = Files.GetInodeAttributes(null, link, AtFlags.AT_SYMLINK_NOFOLLOW);
        Assert.SkipWhen(own.Errno is Errno.ENOSYS, "needs file_getattr(2), Linux 6.17");
        Assert.True(own.Ok || own.Errno == Errno.EOPNOTSUPP, own.Errno.ToString());
        Assert.Equal(Errno.ENOENT, Files.GetInodeAttributes(null, link).Errno);
    }

    private static InodeAttributes Get(string file)
    {
        SysResult<InodeAttributes> attributes = Files.GetInodeAttributes(null, file);
        Assert.SkipWhen(
            attributes.Errno is Errno.ENOSYS or Errno.EOPNOTSUPP,
            "needs file_getattr(2), Linux 6.17, and a file system that has attributes"
        );
        return attributes.OrThrow("file_getattr");
    }
}
