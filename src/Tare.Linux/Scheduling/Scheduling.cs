using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>How threads get processors; 0 is the calling thread, the number of a process its first thread. sched(7).</summary>
public static class Scheduling
{
    private const int ThisProcess = 1; // IOPRIO_WHO_PROCESS
    private const int ClassShift = 13;
    private const int LongestMask = 8192;
    private const uint LeftOver = 1; // SCHED_GETATTR_FLAG_DL_DYNAMIC

    /// <summary>Policy and parameters. sched_getattr(2). ESRCH: there is no such thread.</summary>
    public static SysResult<SchedulingAttribute> GetAttribute(int threadId = 0)
    {
        nint raw = Interop.sched_getattr(threadId, out SchedulingAttribute attribute);
        return new(attribute, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// The same of a thread of SCHED_DEADLINE, but with what it has left of its time in this period (Runtime, in nanoseconds) and
    /// the end of the period (Deadline, in nanoseconds of CLOCK_MONOTONIC). SCHED_GETATTR_FLAG_DL_DYNAMIC, Linux 7: EINVAL before,
    /// and of other policies.
    /// </summary>
    public static SysResult<SchedulingAttribute> GetDeadline(int threadId = 0)
    {
        nint raw = Interop.sched_getattr(threadId, out SchedulingAttribute attribute, LeftOver);
        return new(attribute, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Sets policy and parameters. sched_setattr(2). EPERM: no right (CAP_SYS_NICE, RLIMIT_NICE, RLIMIT_RTPRIO). EBUSY: there
    /// is not so much time for deadlines. EOPNOTSUPP: the kernel has no utilisation clamping.
    /// </summary>
    public static SysResult SetAttribute(int threadId, SchedulingAttribute attribute) =>
        Interop.Result(Interop.sched_setattr(threadId, attribute));

    /// <summary>The nice value, -20 to 19. getpriority(2).</summary>
    public static SysResult<int> GetNice(int threadId = 0)
    {
        // The kernel gives 20 less the value, so that it is no error.
        nint raw = Interop.Call(Syscall.getpriority, 0, threadId);
        return new(raw < 0 ? 0 : 20 - (int)raw, Interop.ErrnoOf(raw));
    }

    /// <summary>Sets the nice value. setpriority(2). EACCES: needs CAP_SYS_NICE or RLIMIT_NICE to lower it.</summary>
    public static SysResult SetNice(int threadId, int nice) =>
        Interop.Result(Interop.Call(Syscall.setpriority, 0, threadId, nice));

    /// <summary>The processors that it may run on, a bit for each, the lowest first. sched_getaffinity(2).</summary>
    public static SysResult<byte[]> GetProcessors(int threadId = 0)
    {
        byte[] mask = new byte[LongestMask / 8];
        nint raw = Interop.sched_getaffinity(threadId, mask);
        return raw < 0 ? Interop.Failed<byte[]>(raw) : new(mask[..(int)raw], Errno.None);
    }

    /// <summary>Sets them; whole words of 64 bits. sched_setaffinity(2). EINVAL: there is none of them, or a cpuset forbids them.</summary>
    public static SysResult SetProcessors(int threadId, ReadOnlySpan<byte> mask) =>
        Interop.Result(Interop.sched_setaffinity(threadId, mask));

    /// <summary>Class and level of its I/O; class 0 is by the nice value. ioprio_get(2).</summary>
    public static SysResult<(IoPriorityClass Class, int Level)> GetIoPriority(int threadId = 0)
    {
        nint raw = Interop.Call(Syscall.ioprio_get, ThisProcess, threadId);
        return new(((IoPriorityClass)(raw >> ClassShift), (int)(raw & 7)), Interop.ErrnoOf(raw));
    }

    /// <summary>Sets them. ioprio_set(2). EPERM: IOPRIO_CLASS_RT needs CAP_SYS_ADMIN or CAP_SYS_NICE.</summary>
    public static SysResult SetIoPriority(int threadId, IoPriorityClass ioClass, int level) =>
        Interop.Result(
            Interop.Call(Syscall.ioprio_set, ThisProcess, threadId, (nint)(((long)ioClass << ClassShift) | (uint)level))
        );
}
