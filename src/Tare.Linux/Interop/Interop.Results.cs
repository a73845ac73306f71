using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>The failure in a raw result, without a value.</summary>
    internal static SysResult<T> Failed<T>(nint raw) => new(default!, ErrnoOf(raw));

    /// <summary>The call was interrupted by a signal and is to be made again.</summary>
    internal static bool Interrupted(nint raw) => raw == -(nint)(int)Errno.EINTR;

    /// <summary>The architecture that this process runs on.</summary>
    internal static CpuArchitecture RunningOn => Architecture;
}
