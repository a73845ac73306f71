using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Timers to wait on. timerfd_create(2).</summary>
public static class TimerFds
{
    /// <summary>A new timer, which does not run yet.</summary>
    /// <param name="clock">CLOCK_MONOTONIC stands still while the machine sleeps, CLOCK_BOOTTIME does not.</param>
    /// <param name="nonBlocking">Whether taking is EAGAIN instead of waiting.</param>
    public static SysResult<TimerFd> Create(ClockId clock = ClockId.CLOCK_MONOTONIC, bool nonBlocking = false)
    {
        OpenFlags flags = OpenFlags.O_CLOEXEC | (nonBlocking ? OpenFlags.O_NONBLOCK : OpenFlags.O_RDONLY);
        nint raw = Interop.Call(Syscall.timerfd_create, (nint)(int)clock, (nint)(uint)flags);
        return raw < 0 ? Interop.Failed<TimerFd>(raw) : new(new TimerFd((int)raw), Errno.None);
    }

    /// <summary>Sets a timer, from now; a first time of zero stops it.</summary>
    public static SysResult Set(TimerFd timer, TimeSpan first, TimeSpan interval = default)
    {
        using Borrowed descriptor = new(timer);
        return Interop.Result(
            Interop.timerfd_settime(descriptor.Number, 0, new() { First = Spec(first), Interval = Spec(interval) })
        );
    }

    /// <summary>How often it expired since the last time; EAGAIN where it did not and does not block.</summary>
    public static SysResult<ulong> Take(TimerFd timer)
    {
        Span<byte> bytes = stackalloc byte[8];
        SysResult<int> count = Files.Read(timer, bytes);
        return new(count.Ok ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0, count.Errno);
    }

    private static TimeSpec Spec(TimeSpan time) =>
        new()
        {
            Seconds = time.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * 100,
        };
}
