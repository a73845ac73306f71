using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Properties of the calling thread or process. prctl(2).</summary>
public static class Prctl
{
    /// <summary>An operation that takes up to four numbers; what it does not use must be zero. The result is its own.</summary>
    public static SysResult<int> Call(PrctlOption option, long a = 0, long b = 0, long c = 0, long d = 0) =>
        Interop.IntResult(Interop.prctl(option, (nint)a, (nint)b, (nint)c, (nint)d));

    /// <summary>Whether the process may be traced and read by its user: 1 yes, 0 no, 2 only by root. PR_GET_DUMPABLE.</summary>
    public static int GetDumpable() => (int)Interop.prctl(PrctlOption.PR_GET_DUMPABLE);

    /// <summary>Sets that; EINVAL for 2, which only the kernel may set. PR_SET_DUMPABLE.</summary>
    public static SysResult SetDumpable(int value) => Interop.Result(Interop.prctl(PrctlOption.PR_SET_DUMPABLE, value));

    /// <summary>From now on no execve gives more rights. Cannot be undone. PR_SET_NO_NEW_PRIVS.</summary>
    public static SysResult SetNoNewPrivileges() => Interop.Result(Interop.prctl(PrctlOption.PR_SET_NO_NEW_PRIVS, 1));

    /// <summary>Whether execve can give no more rights. PR_GET_NO_NEW_PRIVS.</summary>
    public static bool GetNoNewPrivileges() => Interop.prctl(PrctlOption.PR_GET_NO_NEW_PRIVS) == 1;

    /// <summary>The signal that comes when the parent's thread ends; <see cref="Signal.None"/> for none. PR_SET_PDEATHSIG.</summary>
    public static SysResult SetParentDeathSignal(Signal signal) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SET_PDEATHSIG, (nint)(int)signal));

    /// <summary>How far uid 0 is special. PR_GET_SECUREBITS.</summary>
    public static SecureBits GetSecureBits() => (SecureBits)(uint)Interop.prctl(PrctlOption.PR_GET_SECUREBITS);

    /// <summary>The calling thread's name: at most 15 bytes, the rest is cut off. PR_SET_NAME.</summary>
    public static SysResult SetName(ReadOnlySpan<byte> name)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        name[..Math.Min(name.Length, 15)].CopyTo(bytes);
        return Interop.Result(Interop.prctl(PrctlOption.PR_SET_NAME, bytes));
    }
}
