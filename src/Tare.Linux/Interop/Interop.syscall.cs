using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// The one door to the kernel. Every call goes through libc's syscall(2), so that neither the version of libc nor its
/// wrappers decide what can be called; each file beside this one holds the raw form of one call.
/// </summary>
internal static partial class Interop
{
    private static readonly CpuArchitecture Architecture =
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? CpuArchitecture.Arm64
            : CpuArchitecture.X64;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint RawSyscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>The call's result, or the negated errno, as the kernel itself returns it. ENOSYS where this architecture lacks it.</summary>
    internal static nint Call(Syscall call, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        int number = SyscallTable.Number(call, Architecture);
        if (number < 0)
        {
            return -(nint)(int)Errno.ENOSYS;
        }

        nint result = RawSyscall(number, a, b, c, d, e, f);
        return result == -1 ? -(nint)Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>The errno in a raw result, or <see cref="Errno.None"/>.</summary>
    internal static Errno ErrnoOf(nint raw) => raw is < 0 and >= -4095 ? (Errno)(int)-raw : Errno.None;

    /// <summary>A result without a value.</summary>
    internal static SysResult Result(nint raw) => new(ErrnoOf(raw));

    /// <summary>A result whose value is a small number.</summary>
    internal static SysResult<int> IntResult(nint raw) => new((int)raw, ErrnoOf(raw));
}
