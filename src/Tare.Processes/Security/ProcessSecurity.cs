using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Security of this process, and of the calling thread where the kernel keeps it there. What a child is to have,
/// <see cref="ProcessStartOptions"/> says. prctl(2).
/// </summary>
public static class ProcessSecurity
{
    private const uint Unset = uint.MaxValue;

    /// <summary>Whether this user's other processes may trace and read this one; setting is for the whole process. PR_SET_DUMPABLE.</summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public static bool Dumpable
    {
        get => Prctl.GetDumpable() == 1;
        set => Prctl.SetDumpable(value ? 1 : 0).OrThrow("set whether the process is dumpable");
    }

    /// <summary>No execve gives the calling thread more rights. PR_GET_NO_NEW_PRIVS.</summary>
    public static bool NoNewPrivileges => Prctl.GetNoNewPrivileges();

    /// <summary>How far uid 0 is special to the calling thread. PR_GET_SECUREBITS.</summary>
    public static SecureBits SecureBits => Prctl.GetSecureBits();

    /// <summary>
    /// Sets <see cref="NoNewPrivileges"/> for the calling thread and those that it makes from now on; it cannot be taken back.
    /// </summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    public static void SetNoNewPrivileges() => Prctl.SetNoNewPrivileges().OrThrow("set no_new_privs");

    /// <summary>Sets <see cref="SecureBits"/> of the calling thread and those that it makes from now on; CAP_SETPCAP.</summary>
    /// <exception cref="KernelException">EPERM: no CAP_SETPCAP, or a bit is locked.</exception>
    public static void SetSecureBits(SecureBits bits) =>
        Prctl.Call(PrctlOption.PR_SET_SECUREBITS, (uint)bits).OrThrow("set the secure bits");

    /// <summary>
    /// Whether the kernel would execute a file, as programs that run scripts are to ask before they do
    /// (<see cref="SecureBits.SECBIT_EXEC_RESTRICT_FILE"/>). execveat(2), AT_EXECVE_CHECK, Linux 6.14.
    /// </summary>
    /// <param name="file">The file, open: what is asked about is then what is read. Stays the caller's.</param>
    /// <exception cref="KernelException">EINVAL: the kernel is too old. ELOOP: it is a symbolic link.</exception>
    public static bool MayExecute(FileDescriptor file)
    {
        ArgumentNullException.ThrowIfNull(file);
        SysResult asked = Files.CheckExecution(file, BytePath.Empty, AtFlags.AT_EMPTY_PATH);
        if (asked.Errno is Errno.EACCES or Errno.EPERM)
        {
            return false;
        }

        asked.OrThrow("ask whether a file may be executed", hint: "needs Linux 6.14");
        return true;
    }

    /// <summary>
    /// Lets a process that is no ancestor trace this one, where Yama forbids it; 0 is none, -1 any. PR_SET_PTRACER.
    /// </summary>
    /// <exception cref="KernelException">EINVAL: the kernel has no Yama, or there is no such process.</exception>
    public static void SetTracer(int processId) =>
        Prctl
            .Call(PrctlOption.PR_SET_PTRACER, processId)
            .OrThrow("set who may trace", hint: "the kernel needs CONFIG_SECURITY_YAMA, and the process must exist");

    /// <summary>
    /// What of the calling thread's speculation can be, and is, restrained: the kernel's PR_SPEC bits. 0: the processor needs
    /// nothing. PR_GET_SPECULATION_CTRL, Linux 4.17.
    /// </summary>
    /// <param name="kind">0 store bypass, 1 indirect branch, 2 flushing L1D.</param>
    /// <exception cref="KernelException">ENODEV: the kernel does not know that kind. EINVAL: it knows none.</exception>
    public static int GetSpeculation(int kind) =>
        Prctl.Call(PrctlOption.PR_GET_SPECULATION_CTRL, kind).OrThrow("ask about speculation");

    /// <summary>Restrains speculation of the calling thread: one PR_SPEC bit. PR_SET_SPECULATION_CTRL.</summary>
    /// <exception cref="KernelException">ENXIO: it cannot be set per thread. EPERM: it was disabled for good.</exception>
    public static void SetSpeculation(int kind, int control) =>
        Prctl.Call(PrctlOption.PR_SET_SPECULATION_CTRL, kind, control).OrThrow("restrain speculation");

    /// <summary>
    /// The calling thread returns only to where it came from: it has a shadow stack, which its C library gave it. Linux 6.6.
    /// </summary>
    public static bool HasShadowStack =>
        ShadowStacks.Get() is { Ok: true, Value: var features }
        && features.HasFlag(ShadowStackFeatures.ARCH_SHSTK_SHSTK);

    /// <summary>
    /// Makes a group of a process that shares a processor's core with no other group at a time. PR_SCHED_CORE_CREATE for the
    /// thread group, Linux 5.14.
    /// </summary>
    /// <param name="processId">The process; 0 is this one.</param>
    /// <exception cref="KernelException">EINVAL: no CONFIG_SCHED_CORE. ENODEV: no SMT. EPERM: no right to trace it.</exception>
    public static void IsolateCore(int processId = 0)
    {
        const int Create = 1;
        const int ThreadGroup = 1;
        Prctl
            .Call(PrctlOption.PR_SCHED_CORE, Create, processId, ThreadGroup)
            .OrThrow(
                "isolate on a core",
                $"process {processId}",
                "the kernel needs CONFIG_SCHED_CORE, the processor SMT"
            );
    }

    /// <summary>Who logged in, as the audit subsystem has it; null where nobody did. /proc/PID/loginuid.</summary>
    /// <exception cref="KernelException">ENOENT: no such process, or the kernel has no audit.</exception>
    public static uint? GetLoginUserId(int processId) => ReadNumber(processId, "loginuid");

    /// <summary>The audit session; null where there is none. /proc/PID/sessionid.</summary>
    /// <exception cref="KernelException">ENOENT: no such process, or the kernel has no audit.</exception>
    public static uint? GetAuditSession(int processId) => ReadNumber(processId, "sessionid");

    internal static uint? ParseNumber(ReadOnlySpan<byte> text) =>
        uint.TryParse(text, CultureInfo.InvariantCulture, out uint number) && number != Unset ? number : null;

    private static uint? ReadNumber(int processId, string file)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}");
        byte[] text = Files.ReadAllAt(null, path).OrThrow("read", path);
        return ParseNumber(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(text).Trim()));
    }
}
