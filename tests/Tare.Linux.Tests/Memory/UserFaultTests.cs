using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class UserFaultTests
{
    private static readonly int Page = AnonymousMemory.PageSize;

    [Fact]
    public void A_missing_page_is_supplied_when_it_is_used()
    {
        Require.Root();
        using UserFaultFd faults = Open();
        nint memory = Map(2 * Page);
        try
        {
            UserFaults.Register(faults, memory, (nuint)(2 * Page)).OrThrow("register");
            byte[] page = new byte[Page];
            "supplied"u8.CopyTo(page.AsSpan(16));
            byte[] read = new byte[8];

            // The kernel touches the page, so that no thread waits in managed code.
            Thread reader = new(() =>
                ProcessMemory.Read(Environment.ProcessId, (ulong)(memory + Page + 16), read).OrThrow("read")
            );
            reader.Start();
            UserFault fault = UserFaults.Read(faults).OrThrow("read");
            UserFaults.Copy(faults, memory + Page, page).OrThrow("copy");
            reader.Join();

            Assert.Equal((ulong)(memory + Page), fault.Address);
            Assert.Equal("supplied"u8, read);
            Assert.Equal(Errno.EEXIST, UserFaults.Copy(faults, memory + Page, page).Errno);
            UserFaults.Zero(faults, memory, (nuint)Page).OrThrow("zero");
            Assert.Equal(0, Marshal.ReadByte(memory));
            UserFaults.Unregister(faults, memory, (nuint)(2 * Page)).OrThrow("unregister");
        }
        finally
        {
            OwnMappings.Unmap(memory, (nuint)(2 * Page)).OrThrow("unmap");
        }
    }

    [Fact]
    public void Writing_waits_until_it_is_allowed()
    {
        Require.Root();
        using UserFaultFd faults = Open(UserFaultFeatures.UFFD_FEATURE_PAGEFAULT_FLAG_WP);
        using MemoryFd source = MemFds.CreateSealed("source", "new"u8).OrThrow("make a memfd");
        nint memory = Map(Page);
        try
        {
            Marshal.WriteByte(memory, 1);
            UserFaults
                .Register(faults, memory, (nuint)Page, UserFaultModes.UFFDIO_REGISTER_MODE_WP)
                .OrThrow("register");
            UserFaults.Protect(faults, memory, (nuint)Page, forbid: true).OrThrow("protect");
            byte before = 0;
            Thread writer = new(() =>
                ProcessMemory.Write(Environment.ProcessId, (ulong)memory, "new"u8).OrThrow("write")
            );
            writer.Start();
            UserFault fault = UserFaults.Read(faults).OrThrow("read");
            before = Marshal.ReadByte(memory);
            UserFaults.Protect(faults, memory, (nuint)Page, forbid: false).OrThrow("protect");
            writer.Join();

            Assert.True(fault.Flags.HasFlag(UserFaultFlags.UFFD_PAGEFAULT_FLAG_WP));
            Assert.Equal((1, (byte)'n'), (before, Marshal.ReadByte(memory)));
        }
        finally
        {
            OwnMappings.Unmap(memory, (nuint)Page).OrThrow("unmap");
        }
    }

    [Fact]
    public void A_system_call_does_not_wait_where_only_user_mode_does()
    {
        SysResult<UserFaultFd> opened = UserFaults.Open(nonBlocking: true);
        Assert.SkipWhen(opened.Errno == Errno.ENOSYS, "needs CONFIG_USERFAULTFD");
        using UserFaultFd faults = opened.OrThrow("open");
        nint memory = Map(Page);
        try
        {
            UserFaults.Register(faults, memory, (nuint)Page).OrThrow("register");
            byte[] read = new byte[8];
            Assert.Equal(Errno.EFAULT, ProcessMemory.Read(Environment.ProcessId, (ulong)memory, read).Errno);
            Assert.Equal(Errno.EAGAIN, UserFaults.Read(faults).Errno);
        }
        finally
        {
            OwnMappings.Unmap(memory, (nuint)Page).OrThrow("unmap");
        }
    }

    [Fact]
    public void Pages_are_moved_to_where_they_are_missing()
    {
        SysResult<UserFaultFd> opened = UserFaults.Open(UserFaultFeatures.UFFD_FEATURE_MOVE);
        Assert.SkipWhen(opened.Errno is Errno.ENOSYS or Errno.EINVAL, "needs UFFDIO_MOVE (Linux 6.8)");
        using UserFaultFd faults = opened.OrThrow("open");
        nint to = Map(Page);
        nint from = Map(Page);
        try
        {
            Marshal.WriteByte(from, 9);
            UserFaults.Register(faults, to, (nuint)Page).OrThrow("register");
            UserFaults.Move(faults, to, from, (nuint)Page).OrThrow("move");
            Assert.Equal((9, 0), (Marshal.ReadByte(to), Marshal.ReadByte(from)));
        }
        finally
        {
            OwnMappings.Unmap(to, (nuint)Page).OrThrow("unmap");
            OwnMappings.Unmap(from, (nuint)Page).OrThrow("unmap");
        }
    }

    [Fact]
    public void Pages_that_were_written_since_the_last_look_are_told()
    {
        SysResult<UserFaultFd> opened = UserFaults.Open(
            UserFaultFeatures.UFFD_FEATURE_WP_ASYNC
                | UserFaultFeatures.UFFD_FEATURE_WP_UNPOPULATED
                | UserFaultFeatures.UFFD_FEATURE_PAGEFAULT_FLAG_WP
        );
        Assert.SkipWhen(opened.Errno is Errno.ENOSYS or Errno.EINVAL, "needs UFFD_FEATURE_WP_ASYNC (Linux 6.7)");
        using UserFaultFd faults = opened.OrThrow("open");
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        nint memory = Map(4 * Page);
        try
        {
            Marshal.WriteByte(memory, 1);
            UserFaults
                .Register(faults, memory, (nuint)(4 * Page), UserFaultModes.UFFDIO_REGISTER_MODE_WP)
                .OrThrow("register");
            Written();
            Assert.Empty(Written());

            Marshal.WriteByte(memory + (2 * Page), 1);

            PageRegion written = Assert.Single(Written());
            Assert.Equal((ulong)(memory + (2 * Page)), written.Start);
            Assert.Equal((ulong)(memory + (3 * Page)), written.End);
            Assert.Empty(Written());
        }
        finally
        {
            OwnMappings.Unmap(memory, (nuint)(4 * Page)).OrThrow("unmap");
        }

        IReadOnlyList<PageRegion> Written() =>
            PageMap
                .Scan(
                    own,
                    (ulong)memory,
                    (ulong)(memory + (4 * Page)),
                    PageCategories.None,
                    PageCategories.PAGE_IS_WRITTEN,
                    PageCategories.PAGE_IS_WRITTEN,
                    forgetWritten: true
                )
                .OrThrow("scan");
    }

    [Fact]
    public void Structs_are_as_large_as_their_requests_say()
    {
        Assert.Equal(24, Unsafe.SizeOf<UserFaultApi>());
        Assert.Equal(16, Unsafe.SizeOf<UserFaultRange>());
        Assert.Equal(32, Unsafe.SizeOf<UserFaultRangeRequest>());
        Assert.Equal(24, Unsafe.SizeOf<UserFaultProtection>());
        Assert.Equal(40, Unsafe.SizeOf<UserFaultCopy>());
    }

    private static UserFaultFd Open(UserFaultFeatures features = UserFaultFeatures.None)
    {
        SysResult<UserFaultFd> opened = UserFaults.Open(features, userModeOnly: false);
        Assert.SkipWhen(opened.Errno == Errno.ENOSYS, "needs CONFIG_USERFAULTFD");
        return opened.OrThrow("open");
    }

    private static nint Map(int length) =>
        OwnMappings
            .Map(
                null,
                (nuint)length,
                ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE,
                MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS
            )
            .OrThrow("mmap");
}
