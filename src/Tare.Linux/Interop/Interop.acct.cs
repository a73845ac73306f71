using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>acct(2).</summary>
    internal static unsafe nint acct(BytePath path)
    {
        // SAFETY: the path is pinned and ends with a zero.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.acct, (nint)name);
        }
    }
}
