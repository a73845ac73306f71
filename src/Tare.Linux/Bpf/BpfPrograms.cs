using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Programs in the kernel that decide for the processes of a cgroup, or look at what happens. bpf(2).</summary>
public static class BpfPrograms
{
    private const int LogSize = 64 << 10;

    /// <summary>
    /// Has the kernel check and take a program. EPERM: CAP_BPF is needed (CAP_SYS_ADMIN before Linux 5.8), with CAP_NET_ADMIN or
    /// CAP_PERFMON for its kind; EINVAL, EACCES: the kernel refuses it, <see cref="Explain"/> says why.
    /// </summary>
    /// <param name="type">What it is for.</param>
    /// <param name="code">The program. Its license is told to be MIT and GPL, as some helpers want.</param>
    /// <param name="attach">Where it will be attached, for kinds that must know.</param>
    /// <param name="name">For people, at most 15 letters, digits, dots and underscores.</param>
    public static SysResult<BpfProgramFd> Load(
        BpfProgramType type,
        BpfCode code,
        BpfAttachType attach = default,
        string name = "tare"
    )
    {
        ArgumentNullException.ThrowIfNull(code);
        nint raw = Interop.bpf_prog_load(type, code.ToBytes(), attach, Encoding.ASCII.GetBytes(name));
        GC.KeepAlive(code);
        return raw < 0 ? Interop.Failed<BpfProgramFd>(raw) : new(new BpfProgramFd((int)raw), Errno.None);
    }

    /// <summary>Why the kernel refuses a program: what its verifier says, in many lines; empty where it takes it.</summary>
    public static string Explain(BpfProgramType type, BpfCode code, BpfAttachType attach = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        byte[] log = new byte[LogSize];
        nint raw = Interop.bpf_prog_load(type, code.ToBytes(), attach, default, log);
        GC.KeepAlive(code);
        if (raw >= 0)
        {
            new BpfProgramFd((int)raw).Dispose();
            return "";
        }

        int end = log.AsSpan().IndexOf((byte)0);
        return $"{Interop.ErrnoOf(raw)}\n{Encoding.UTF8.GetString(log, 0, end < 0 ? log.Length : end)}";
    }

    /// <summary>
    /// Attaches a program to a v2 cgroup. It is there until it is detached or the cgroup is gone, and decides for groups below too.
    /// EINVAL: it is of another kind; EPERM: a program above allows none below. BPF_PROG_ATTACH.
    /// </summary>
    public static SysResult Attach(
        DirectoryFd cgroup,
        BpfProgramFd program,
        BpfAttachType place,
        BpfAttachFlags flags = BpfAttachFlags.BPF_F_ALLOW_MULTI
    )
    {
        using Borrowed target = new(cgroup);
        using Borrowed attached = new(program);
        return Interop.Result(Interop.bpf_prog_attach(target.Number, attached.Number, place, flags));
    }

    /// <summary>Undoes that. ENOENT: it is not attached there. BPF_PROG_DETACH.</summary>
    public static SysResult Detach(DirectoryFd cgroup, BpfProgramFd program, BpfAttachType place)
    {
        using Borrowed target = new(cgroup);
        using Borrowed attached = new(program);
        return Interop.Result(Interop.bpf_prog_detach(target.Number, attached.Number, place));
    }

    /// <summary>
    /// Has a program run at a tracepoint, with the tracepoint's own arguments, 8 bytes each, until the descriptor is closed. ENOENT:
    /// there is no such tracepoint. BPF_RAW_TRACEPOINT_OPEN, Linux 4.17.
    /// </summary>
    public static SysResult<FileFd> AttachRaw(string tracepoint, BpfProgramFd program)
    {
        using Borrowed attached = new(program);
        nint raw = Interop.bpf_raw_tracepoint_open(tracepoint, attached.Number);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Has a program run at a tracepoint that was opened (<see cref="Tracepoints.Open"/>), with what its format describes, whoever
    /// comes by, until that descriptor is closed. PERF_EVENT_IOC_SET_BPF.
    /// </summary>
    public static SysResult Attach(FileFd tracepoint, BpfProgramFd program)
    {
        using Borrowed target = new(tracepoint);
        using Borrowed attached = new(program);
        nint raw = Interop.ioctl(target.Number, IoctlRequest.PERF_EVENT_IOC_SET_BPF, attached.Number);
        return Interop.Result(raw < 0 ? raw : Interop.ioctl(target.Number, IoctlRequest.PERF_EVENT_IOC_ENABLE));
    }
}
