using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SplicesTests
{
    [Fact]
    public void Bytes_move_between_pipes_are_doubled_and_come_from_memory()
    {
        using PipePair first = Pipes.Create(OpenFlags.O_NONBLOCK).OrThrow("pipe2");
        using PipePair second = Pipes.Create(OpenFlags.O_NONBLOCK).OrThrow("pipe2");
        using MemoryFd file = MemFds.Create("tare").OrThrow("memfd_create");
        Files.WriteAll(file, "0123456789"u8).OrThrow("write");
        using MappedMemory memory = MappedMemory.Map(file, 10).OrThrow("mmap")!;
        byte[] buffer = new byte[32];

        Assert.Equal(4, Splices.Put(memory, 2, 4, first.WriteEnd).OrThrow("vmsplice"));
        Assert.Equal(4, Splices.Tee(first.ReadEnd, second.WriteEnd, 100).OrThrow("tee"));
        Assert.Equal(4, Splices.Move(first.ReadEnd, second.WriteEnd, 100).OrThrow("splice"));
        Assert.Equal(Errno.EAGAIN, Splices.Move(first.ReadEnd, second.WriteEnd, 100).Errno);
        Assert.Equal(8, Files.Read(second.ReadEnd, buffer).OrThrow("read"));

        Assert.Equal("23452345"u8.ToArray(), buffer[..8]);
        Assert.Equal(Errno.EINVAL, Splices.Move(file, file, 1).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => Splices.Put(memory, 8, 3, first.WriteEnd));
    }

    [Fact]
    public void Mapped_memory_stays_while_it_is_pinned()
    {
        using MemoryFd file = MemFds.Create("tare").OrThrow("memfd_create");
        Files.WriteAll(file, "0123456789"u8).OrThrow("write");
        MappedMemory memory = MappedMemory.Map(file, 10).OrThrow("mmap")!;
        nint address = memory.Address;
        System.Buffers.MemoryHandle pin = memory.Pin(3);

        memory.Dispose();
        byte[] seen = new byte[7];
        Assert.Equal(7, ProcessMemory.Read(Environment.ProcessId, (ulong)address + 3, seen).OrThrow("read"));
        pin.Dispose();

        Assert.Equal("3456789"u8.ToArray(), seen);
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan().Length);
        Assert.Equal(0, memory.Address);
    }
}
