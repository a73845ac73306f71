using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>
/// A timer of the kernel's, as exact as that is, whose descriptor others can wait for too. As PeriodicTimer, but that it tells
/// how many ticks there were. One who waits at a time. timerfd_create(2).
/// </summary>
public sealed class DescriptorTimer : IDisposable
{
    private readonly TimerFd file;
    private readonly WatchedDescriptor watched;

    /// <summary>A timer that runs.</summary>
    /// <param name="period">The time between two ticks, and until the first.</param>
    /// <param name="clock">CLOCK_MONOTONIC stands still while the machine sleeps, CLOCK_BOOTTIME does not.</param>
    public DescriptorTimer(TimeSpan period, ClockId clock = ClockId.CLOCK_MONOTONIC)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        if (!Enum.IsDefined(clock))
        {
            throw new ArgumentOutOfRangeException(nameof(clock), clock, "the clock is unknown");
        }

        file = TimerFds.Create(clock, nonBlocking: true).OrThrow("make a timer");
        watched = Reactor.Shared.Watch(file, EpollEvents.EPOLLIN);
        Change(period, period);
    }

    /// <summary>The descriptor, readable after a tick; stays the timer's.</summary>
    public TimerFd Descriptor => file;

    /// <summary>Sets it anew, from now.</summary>
    /// <param name="first">Until the first tick; zero stops it.</param>
    /// <param name="period">Between two ticks; zero ticks once.</param>
    public void Change(TimeSpan first, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        TimerFds.Set(file, first, period).OrThrow("set a timer");
    }

    /// <summary>Waits for a tick.</summary>
    /// <returns>How many there were since the last wait.</returns>
    public async ValueTask<ulong> WaitForNextTickAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(file.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            SysResult<ulong> ticks = TimerFds.Take(file);
            if (ticks.Errno != Errno.EAGAIN)
            {
                return ticks.OrThrow("read a timer");
            }

            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!file.IsClosed)
        {
            watched.Dispose();
            file.Dispose();

            // Who waited finds it closed.
            watched.Signal(EpollEvents.EPOLLHUP);
        }
    }
}
