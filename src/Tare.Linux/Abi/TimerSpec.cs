using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>When a timer expires: struct itimerspec. timerfd_settime(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TimerSpec
{
    /// <summary>The time between two expirations; zero is once.</summary>
    public TimeSpec Interval;

    /// <summary>Until the first; zero is never.</summary>
    public TimeSpec First;
}
