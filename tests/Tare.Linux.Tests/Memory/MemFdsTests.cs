using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MemFdsTests
{
    [Fact]
    public void Sealed_memory_holds_its_content_and_takes_no_other()
    {
        using MemoryFd memory = MemFds.CreateSealed("tare", "content"u8).OrThrow("memfd_create");
        byte[] buffer = new byte[16];
        Assert.Equal(7, Files.ReadAt(memory, buffer, 0).OrThrow("pread"));
        Assert.Equal("content"u8.ToArray(), buffer[..7]);
        Assert.Equal(Errno.EPERM, Files.Write(memory, "x"u8).Errno);
        Assert.Equal(Errno.EPERM, Files.FTruncate(memory, 0).Errno);
        Assert.Equal(Errno.EPERM, MemFds.AddSeals(memory, SealFlags.F_SEAL_FUTURE_WRITE).Errno);
        Assert.Equal(
            SealFlags.F_SEAL_SEAL | SealFlags.F_SEAL_SHRINK | SealFlags.F_SEAL_GROW | SealFlags.F_SEAL_WRITE,
            MemFds.GetSeals(memory).OrThrow("fcntl") & ~SealFlags.F_SEAL_EXEC
        );
    }

    [Fact]
    public void Sealed_memory_is_read_from_its_beginning_by_whoever_gets_it()
    {
        using MemoryFd memory = MemFds.CreateSealed("tare", "content"u8).OrThrow("memfd_create");
        byte[] buffer = new byte[16];

        Assert.Equal(7, Files.Read(memory, buffer).OrThrow("read"));
    }

    [Fact]
    public void Memory_that_was_not_made_for_it_cannot_be_sealed()
    {
        using MemoryFd memory = MemFds.Create("tare", MemFdFlags.None).OrThrow("memfd_create");
        Assert.Equal(Errno.EPERM, MemFds.AddSeals(memory, SealFlags.F_SEAL_WRITE).Errno);
    }
}
