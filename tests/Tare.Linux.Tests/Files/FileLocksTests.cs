using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class FileLocksTests
{
    [Fact]
    public void A_lock_is_seen_by_another_open_file_and_taken_back()
    {
        using TemporaryDirectory folder = new();
        using FileFd one = Open(folder);
        using FileFd other = Open(folder);

        FileLocks.Set(one, FileLockType.F_WRLCK, 5, 10).OrThrow("lock");

        FileLockRange conflict = FileLocks.GetConflict(other, FileLockType.F_RDLCK).OrThrow("ask");
        Assert.Equal(
            (FileLockType.F_WRLCK, 5L, 10L, -1),
            (conflict.Type, conflict.Start, conflict.Length, conflict.ProcessId)
        );
        Assert.Equal(Errno.EAGAIN, FileLocks.Set(other, FileLockType.F_RDLCK, 14, 1).Errno);
        FileLocks.Set(one, FileLockType.F_UNLCK).OrThrow("unlock");
        Assert.Equal(FileLockType.F_UNLCK, FileLocks.GetConflict(other, FileLockType.F_WRLCK).OrThrow("ask").Type);
    }

    [Fact]
    public void A_lease_is_had_once_nobody_else_has_the_file_open()
    {
        using TemporaryDirectory folder = new();
        using FileFd one = Open(folder);
        using (Open(folder))
        {
            Assert.Equal(Errno.EAGAIN, FileLocks.SetLease(one, FileLockType.F_WRLCK).Errno);
        }

        FileLocks.SetLease(one, FileLockType.F_WRLCK).OrThrow("lease");
        Assert.Equal(FileLockType.F_WRLCK, FileLocks.GetLease(one).OrThrow("ask"));
        FileLocks.SetLease(one, FileLockType.F_UNLCK).OrThrow("give up");
        Assert.Equal(FileLockType.F_UNLCK, FileLocks.GetLease(one).OrThrow("ask"));
    }

    private static FileFd Open(TemporaryDirectory folder) =>
        Files
            .OpenAt(
                null,
                folder.At("file"),
                OpenFlags.O_RDWR | OpenFlags.O_CREAT,
                FileModes.S_IRUSR | FileModes.S_IWUSR
            )
            .OrThrow("open");

    [Fact]
    public void A_directory_is_delegated_until_something_is_made_in_it()
    {
        using TemporaryDirectory directory = new();
        using DirectoryFd opened = Files.OpenDirectoryAt(null, directory.Path).OrThrow("open");
        SysResult set = FileLocks.SetDelegation(opened, FileLockType.F_RDLCK);
        Assert.SkipWhen(set.Errno == Errno.EINVAL, "needs F_SETDELEG (Linux 6.19)");
        set.OrThrow("delegate");
        Assert.Equal(FileLockType.F_RDLCK, FileLocks.GetDelegation(opened).OrThrow("ask"));
        FileLocks.SetDelegation(opened, FileLockType.F_UNLCK).OrThrow("give up");
        Assert.Equal(FileLockType.F_UNLCK, FileLocks.GetDelegation(opened).OrThrow("ask"));
    }
}
