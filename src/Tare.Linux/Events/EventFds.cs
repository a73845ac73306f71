using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Counters to wait on. eventfd(2).</summary>
public static class EventFds
{
    /// <summary>A new counter.</summary>
    public static SysResult<EventFd> Create(uint initial = 0, EventFdFlags flags = EventFdFlags.None)
    {
        nint raw = Interop.Call(Syscall.eventfd2, (nint)initial, (nint)(uint)(flags | EventFdFlags.EFD_CLOEXEC));
        return raw < 0 ? Interop.Failed<EventFd>(raw) : new(new EventFd((int)raw), Errno.None);
    }

    /// <summary>Adds to the counter and so wakes who waits.</summary>
    public static SysResult Add(FileDescriptor counter, ulong value = 1)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new(Files.Write(counter, bytes).Errno);
    }

    /// <summary>Waits until the counter is above zero and takes it (all, or one with EFD_SEMAPHORE); EAGAIN with EFD_NONBLOCK.</summary>
    public static SysResult<ulong> Take(FileDescriptor counter)
    {
        Span<byte> bytes = stackalloc byte[8];
        SysResult<int> count = Files.Read(counter, bytes);
        return new(count.Ok ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0, count.Errno);
    }
}
