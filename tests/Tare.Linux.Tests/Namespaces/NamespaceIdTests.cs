using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class NamespaceIdTests
{
    [Fact]
    public void A_namespace_has_an_id_that_no_other_has()
    {
        using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        using NamespaceFd again = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        using NamespaceFd other = Namespaces.OpenOwn(CloneFlags.CLONE_NEWIPC).OrThrow("open");
        SysResult<ulong> told = Namespaces.IdOf(own);
        Assert.SkipWhen(told.Errno == Errno.ENOTTY, "needs NS_GET_ID (Linux 6.18)");

        ulong id = told.OrThrow("ioctl");

        Assert.NotEqual(0ul, id);
        Assert.Equal(id, Namespaces.IdOf(again).OrThrow("ioctl"));
        Assert.NotEqual(id, Namespaces.IdOf(other).OrThrow("ioctl"));
    }

    [Fact]
    public void A_namespace_is_opened_by_its_handle_as_long_as_something_keeps_it()
    {
        Require.Root();
        OwnThread.Run(() =>
        {
            using NamespaceFd before = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
            Namespaces.Unshare(CloneFlags.CLONE_NEWUTS).OrThrow("unshare");
            NamespaceFd fresh = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
            ulong identity = Namespaces.IdentityOf(fresh).OrThrow("statx");
            SysResult<(FileHandle Handle, int)> told = Files.GetHandle(fresh, BytePath.Empty, AtFlags.AT_EMPTY_PATH);
            Assert.SkipWhen(told.Errno == Errno.EOPNOTSUPP, "needs handles of namespaces (Linux 6.18)");
            FileHandle handle = told.OrThrow("name_to_handle_at").Handle;
            Namespaces.SetNs(before, CloneFlags.CLONE_NEWUTS).OrThrow("setns");

            using (FileFd again = Files.OpenByHandle(before, handle, OpenFlags.O_RDONLY).OrThrow("open_by_handle_at"))
            {
                Assert.Equal(identity, Files.StatX(again, StatXMask.STATX_INO).OrThrow("statx").Inode);
            }

            SysResult<NamespaceFd> byId = Namespaces.OpenById(Namespaces.IdOf(fresh).OrThrow("ioctl"));
            ulong id = Namespaces.IdOf(fresh).OrThrow("ioctl");
            fresh.Dispose();
            if (byId.Ok)
            {
                Assert.Equal(identity, Namespaces.IdentityOf(byId.Value).OrThrow("statx"));
                byId.Value.Dispose();
            }
            else
            {
                Assert.Equal(Errno.ESTALE, byId.Errno);
            }

            Assert.Equal(Errno.ESTALE, Files.OpenByHandle(before, handle, OpenFlags.O_RDONLY).Errno);
            Assert.Equal(Errno.ESTALE, Namespaces.OpenById(id).Errno);
        });
    }

    [Fact]
    public void Namespaces_are_listed_or_the_kernel_is_too_old()
    {
        SysResult<int> count = Namespaces.List(new ulong[16]);
        if (count.Errno == Errno.ENOSYS)
        {
            KernelException refusal = Assert.Throws<KernelException>(() => Namespaces.Enumerate().Any());
            Assert.Equal("list namespaces: ENOSYS (listns needs Linux 6.19)", refusal.Message);
            return;
        }

        using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        Assert.Contains(Namespaces.IdOf(own).OrThrow("ioctl"), Namespaces.Enumerate(CloneFlags.CLONE_NEWUTS));
    }

    [Fact]
    public void Pages_of_a_list_follow_each_other()
    {
        Assert.SkipWhen(Namespaces.List(new ulong[1]).Errno == Errno.ENOSYS, "needs listns (Linux 6.19)");
        ulong[] all = [.. Namespaces.Enumerate()];
        List<ulong> paged = [];
        ulong[] page = new ulong[3];
        while (Namespaces.List(page, after: paged.LastOrDefault()).OrThrow("listns") is var count and > 0)
        {
            paged.AddRange(page[..count]);
        }

        Assert.Equal(all.Where(paged.Contains), paged.Where(all.Contains));
        Assert.Equal(paged.Order(), paged);
    }
}
