using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>How a timer tells that it has expired: struct sigevent. asm-generic/siginfo.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SignalEvent
{
    /// <summary>Comes with the signal.</summary>
    public ulong Value;

    /// <summary>The signal.</summary>
    public Signal Signal;

    /// <summary>4, SIGEV_THREAD_ID: to one thread.</summary>
    public int How;

    /// <summary>Which.</summary>
    public int ThreadId;
}

/// <summary>When a timer expires: struct itimerspec. linux/time.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerTimes
{
    /// <summary>Between that and the next; zero is once.</summary>
    public TimeSpec Interval;

    /// <summary>First; zero is never.</summary>
    public TimeSpec First;
}
