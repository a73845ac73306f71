using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>symlinkat(2).</summary>
    internal static unsafe nint symlinkat(BytePath target, int directory, BytePath path)
    {
        // SAFETY: both are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* text = target.Terminated,
                name = path.Terminated
        )
        {
            return Call(Syscall.symlinkat, (nint)text, directory, (nint)name);
        }
    }
}
