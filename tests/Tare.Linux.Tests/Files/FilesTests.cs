using System.Text;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public sealed class FilesTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly DirectoryFd _directory;

    public FilesTests() => _directory = Files.OpenDirectoryAt(null, _temporary.Path).OrThrow("openat");

    public void Dispose()
    {
        _directory.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void A_file_holds_what_was_written()
    {
        using FileFd file = Files
            .OpenAt(_directory, "f", OpenFlags.O_RDWR | OpenFlags.O_CREAT, FileModes.S_IRUSR | FileModes.S_IWUSR)
            .OrThrow("openat");
        byte[] content = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        Files.WriteAll(file, content).OrThrow("write");
        Assert.Equal(content, Files.ReadAllAt(_directory, "f", 100_000).OrThrow("read"));
        byte[] part = new byte[3];
        Assert.Equal(3, Files.ReadAt(file, part, 77).OrThrow("pread"));
        Assert.Equal(content[77..80], part);
        Files.FTruncate(file, 5).OrThrow("ftruncate");
        Files.FSync(file).OrThrow("fsync");
        Assert.Equal(5ul, Files.StatX(file).OrThrow("statx").Size);
    }

    [Fact]
    public void Reading_stops_at_the_limit()
    {
        _temporary.Write("f", new string('x', 5000));
        Assert.Equal(Errno.EFBIG, Files.ReadAllAt(_directory, "f", 4999).Errno);
        Assert.Equal(5000, Files.ReadAllAt(_directory, "f", 5000).OrThrow("read").Length);
    }

    [Fact]
    public void Descriptors_are_close_on_exec_from_birth()
    {
        using FileFd file = Files
            .OpenAt(_directory, "f", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, FileModes.S_IRUSR)
            .OrThrow("openat");
        Assert.True(DescriptorTable.IsCloseOnExec(file).OrThrow("fcntl"));
        Assert.True(DescriptorTable.IsCloseOnExec(_directory).OrThrow("fcntl"));
    }

    [Fact]
    public void What_is_missing_is_an_errno_and_no_exception()
    {
        Assert.Equal(Errno.ENOENT, Files.OpenAt(_directory, "missing", OpenFlags.O_RDONLY).Errno);
        Assert.Equal(Errno.ENOENT, Files.ReadAllAt(_directory, "missing").Errno);
        Assert.Equal(Errno.ENOENT, Files.WriteValueAt(_directory, "missing", "1"u8).Errno);
        Assert.Equal(Errno.ENOENT, Files.UnlinkAt(_directory, "missing").Errno);
        _temporary.Write("f", "");
        Assert.Equal(Errno.ENOTDIR, Files.OpenDirectoryAt(_directory, "f").Errno);
        Assert.Equal(Errno.EINVAL, Files.ReadLinkAt(_directory, "f").Errno);
    }

    [Fact]
    public void An_exception_made_from_an_errno_names_call_object_and_hint()
    {
        KernelException e = Assert.Throws<KernelException>(() =>
            Files.OpenAt(_directory, "missing", OpenFlags.O_RDONLY).OrThrow("open", "missing", "make it first")
        );
        Assert.Equal("open 'missing': ENOENT (make it first)", e.Message);
    }

    [Fact]
    public void A_closed_handle_reaches_no_other_file()
    {
        DirectoryFd closed = Files.OpenDirectoryAt(null, "/").OrThrow("openat");
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Files.OpenAt(closed, "etc", OpenFlags.O_PATH));
        Assert.Equal(-1, closed.Number);
    }

    [Fact]
    public void Names_are_made_moved_and_removed()
    {
        Files.MkdirAt(_directory, "d", FileModes.S_IRUSR | FileModes.S_IWUSR | FileModes.S_IXUSR).OrThrow("mkdirat");
        Files.MknodAt(_directory, "d/fifo", FileModes.S_IFIFO | FileModes.S_IRUSR).OrThrow("mknodat");
        Files.SymlinkAt("fifo", _directory, "d/link").OrThrow("symlinkat");
        Files.LinkAt(_directory, "d/fifo", _directory, "d/other").OrThrow("linkat");
        Assert.Equal("fifo", Files.ReadLinkAt(_directory, "d/link").OrThrow("readlinkat").ToString());
        StatX status = Files.StatX(_directory, "d/link").OrThrow("statx");
        Assert.Equal(FileModes.S_IFIFO, status.Mode & FileModes.S_IFMT);
        Assert.Equal(2u, status.LinkCount);
        Assert.Equal(
            FileModes.S_IFLNK,
            Files.StatX(_directory, "d/link", AtFlags.AT_SYMLINK_NOFOLLOW).OrThrow("statx").Mode & FileModes.S_IFMT
        );
        Assert.Equal(
            Errno.EEXIST,
            Files.RenameAt(_directory, "d/fifo", _directory, "d/other", RenameFlags.RENAME_NOREPLACE).Errno
        );
        Files.RenameAt(_directory, "d/other", _directory, "d/third").OrThrow("renameat2");
        using (DirectoryFd d = Files.OpenDirectoryAt(_directory, "d").OrThrow("openat"))
        {
            List<DirectoryEntry> entries = DirectoryEntries.Read(d).OrThrow("getdents64");
            Assert.Equal(["fifo", "link", "third"], entries.Select(e => e.Name.ToString()).Order());
            Assert.Equal(FileModes.S_IFLNK, entries.Single(e => e.Name == "link").Type);
        }

        foreach (string name in (string[])["d/fifo", "d/link", "d/third"])
        {
            Files.UnlinkAt(_directory, name).OrThrow("unlinkat");
        }

        Files.UnlinkAt(_directory, "d", AtFlags.AT_REMOVEDIR).OrThrow("unlinkat");
        Assert.Empty(Directory.GetFileSystemEntries(_temporary.Path));
    }

    [Fact]
    public void A_device_node_has_the_numbers_it_was_given()
    {
        Require.Root();
        DeviceNumber device = new(259, 70_000);
        Files.MknodAt(_directory, "dev", FileModes.S_IFBLK | FileModes.S_IRUSR, device).OrThrow("mknodat");
        StatX status = Files.StatX(_directory, "dev").OrThrow("statx");
        Assert.Equal(device, new DeviceNumber(status.SpecialMajor, status.SpecialMinor));
    }

    [Fact]
    public void Owner_and_mode_are_set()
    {
        Require.Root();
        using FileFd file = Files
            .OpenAt(_directory, "f", OpenFlags.O_RDWR | OpenFlags.O_CREAT, FileModes.S_IRUSR)
            .OrThrow("openat");
        Files.FChown(file, 12, Credentials.Unchanged).OrThrow("fchown");
        Files.FChmod(file, FileModes.S_ISUID | FileModes.S_IXOTH).OrThrow("fchmod");
        StatX status = Files.StatX(file).OrThrow("statx");
        Assert.Equal(12u, status.UserId);
        Assert.Equal(FileModes.S_IFREG | FileModes.S_ISUID | FileModes.S_IXOTH, status.Mode);
        Files.FChownAt(_directory, "f", Credentials.Unchanged, 34).OrThrow("fchownat");
        Assert.Equal(34u, Files.StatX(file).OrThrow("statx").GroupId);
    }

    [Fact]
    public void A_lock_keeps_a_second_open_file_out_and_goes_with_the_first()
    {
        using FileFd second = Open();
        using (FileFd first = Open())
        {
            Files.FLock(first, LockOperation.LOCK_EX | LockOperation.LOCK_NB).OrThrow("flock");
            Assert.Equal(Errno.EAGAIN, Files.FLock(second, LockOperation.LOCK_SH | LockOperation.LOCK_NB).Errno);
        }

        Files.FLock(second, LockOperation.LOCK_EX | LockOperation.LOCK_NB).OrThrow("flock");

        FileFd Open() =>
            Files
                .OpenAt(_directory, "lock", OpenFlags.O_RDWR | OpenFlags.O_CREAT, FileModes.S_IRUSR | FileModes.S_IWUSR)
                .OrThrow("openat");
    }

    [Fact]
    public void The_kind_of_file_system_is_told()
    {
        using DirectoryFd proc = Files.OpenDirectoryAt(null, "/proc", OpenFlags.O_PATH).OrThrow("openat");
        Assert.Equal(FileSystemMagic.PROC_SUPER_MAGIC, Files.FStatFs(proc).OrThrow("fstatfs").Type);
    }

    [Fact]
    public void Access_is_asked_for_the_caller()
    {
        _temporary.Write("f", "");
        Files.FAccessAt2(_directory, "f", AccessModes.R_OK).OrThrow("faccessat2");
        Assert.Equal(Errno.EACCES, Files.FAccessAt2(_directory, "f", AccessModes.X_OK).Errno);
    }

    [Fact]
    public void Names_that_are_no_utf8_survive()
    {
        BytePath name = BytePath.FromBytes([0xff, 0xfe, (byte)'x']);
        Files.MkdirAt(_directory, name, FileModes.S_IRUSR).OrThrow("mkdirat");
        using DirectoryFd again = Files.OpenDirectoryAt(null, _temporary.Path).OrThrow("openat");
        DirectoryEntry entry = Assert.Single(DirectoryEntries.Read(again).OrThrow("getdents64"));
        Assert.Equal(name, entry.Name);
        Assert.NotEqual(name, (BytePath)Encoding.UTF8.GetString(name.Bytes));
    }
}
