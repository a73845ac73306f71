using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class OwnMappingPlacesTests
{
    private const ProtectionFlags ReadWrite = ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE;
    private const MapFlags Anonymous = MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS;

    private static readonly nuint Page = (nuint)AnonymousMemory.PageSize;

    [Fact]
    public void What_is_mapped_is_not_replaced()
    {
        nint place = OwnMappings.Map(null, Page, ReadWrite, Anonymous).OrThrow("mmap");
        Marshal.WriteByte(place, 5);

        const MapFlags There = Anonymous | MapFlags.MAP_FIXED_NOREPLACE;
        Assert.Equal(Errno.EEXIST, OwnMappings.Map(null, Page, ReadWrite, There, place).Errno);
        Assert.Equal(5, Marshal.ReadByte(place));
        OwnMappings.Unmap(place, Page).OrThrow("munmap");
    }

    [Fact]
    public void A_mapping_grows_and_moves_with_what_it_holds()
    {
        nint place = OwnMappings.Map(null, Page, ReadWrite, Anonymous).OrThrow("mmap");
        Marshal.WriteByte(place, 5);
        nint larger = OwnMappings.Move(place, Page, 8 * Page, RemapFlags.MREMAP_MAYMOVE).OrThrow("mremap");
        Assert.Equal((5, 0), (Marshal.ReadByte(larger), Marshal.ReadByte(larger + (7 * (nint)Page))));

        SysResult<nint> moved = OwnMappings.Move(
            larger,
            8 * Page,
            8 * Page,
            RemapFlags.MREMAP_MAYMOVE | RemapFlags.MREMAP_DONTUNMAP
        );
        Assert.SkipWhen(moved.Errno == Errno.EINVAL, "needs MREMAP_DONTUNMAP (Linux 5.7)");
        Assert.Equal((5, 0), (Marshal.ReadByte(moved.OrThrow("mremap")), Marshal.ReadByte(larger)));
        OwnMappings.Unmap(larger, 8 * Page).OrThrow("munmap");
        OwnMappings.Unmap(moved.Value, 8 * Page).OrThrow("munmap");
        Assert.Equal(Errno.EFAULT, OwnMappings.Move(larger, Page, Page, RemapFlags.MREMAP_MAYMOVE).Errno);
    }

    [Fact]
    public void What_is_protected_cannot_be_written_until_it_may_again()
    {
        nint place = OwnMappings.Map(null, 2 * Page, ReadWrite, Anonymous).OrThrow("mmap");

        OwnMappings.Protect(place, Page, ProtectionFlags.PROT_READ).OrThrow("mprotect");

        Assert.Equal(Errno.EFAULT, Write(place));
        Assert.Equal(Errno.None, Write(place + (nint)Page));
        OwnMappings.Protect(place, Page, ReadWrite).OrThrow("mprotect");
        Assert.Equal(Errno.None, Write(place));
        OwnMappings.Unmap(place, 2 * Page).OrThrow("munmap");
        Assert.Equal(Errno.ENOMEM, OwnMappings.Protect(place, Page, ReadWrite).Errno);
    }

    [Fact]
    public void Secret_memory_is_the_process_s_own()
    {
        SysResult<MemoryFd> made = OwnMappings.CreateSecret();
        Assert.SkipWhen(made.Errno == Errno.ENOSYS, "needs memfd_secret (CONFIG_SECRETMEM, secretmem.enable)");
        using MemoryFd secret = made.OrThrow("memfd_secret");
        Files.FTruncate(secret, (long)Page).OrThrow("ftruncate");
        nint place = OwnMappings.Map(secret, Page, ReadWrite, MapFlags.MAP_SHARED).OrThrow("mmap");

        Marshal.WriteByte(place, 5);

        Assert.Equal(5, Marshal.ReadByte(place));
        Assert.Equal(Errno.EFAULT, ProcessMemory.Read(Environment.ProcessId, (ulong)place, new byte[1]).Errno);
        OwnMappings.Unmap(place, Page).OrThrow("munmap");
    }

    // By the kernel, which says what is wrong where this program would end.
    private static Errno Write(nint place) => ProcessMemory.Write(Environment.ProcessId, (ulong)place, [5]).Errno;
}
