using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class FileHandleTests
{
    [Fact]
    public void A_file_is_found_by_its_handle_wherever_it_is_moved()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        string path = directory.Write("one", "content");
        SysResult<(FileHandle Handle, int MountId)> got = Files.GetHandle(null, path);
        Assert.SkipWhen(got.Errno is Errno.EOPNOTSUPP or Errno.ENOSYS, "the file system has no handles");
        FileHandle handle = got.OrThrow("name_to_handle_at").Handle;
        File.Move(path, directory.At("other"));
        using DirectoryFd mount = Files.OpenDirectoryAt(null, directory.Path).OrThrow("open");
        FileHandle kept = new(handle.Type, [.. handle.Bytes]);
        Assert.Equal(handle, kept);

        using (FileFd file = Files.OpenByHandle(mount, kept, OpenFlags.O_RDONLY).OrThrow("open_by_handle_at"))
        {
            Assert.Equal("content"u8.ToArray(), Files.ReadToEnd(file, 100).OrThrow("read"));
        }

        Assert.Equal(handle, Files.GetHandle(null, directory.At("other")).Value.Handle);
        Assert.NotEqual(handle, Files.GetHandle(null, directory.Path).Value.Handle);
        File.Delete(directory.At("other"));
        Assert.Equal(Errno.ESTALE, Files.OpenByHandle(mount, kept, OpenFlags.O_RDONLY).Errno);
        Assert.Equal(Errno.ENOENT, Files.GetHandle(null, directory.At("other")).Errno);
        Assert.Throws<ArgumentException>(() => new FileHandle(1, [.. new byte[129]]));
    }
}
