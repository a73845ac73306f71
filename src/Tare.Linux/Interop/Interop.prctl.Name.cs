using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>prctl(2), PR_SET_VMA with PR_SET_VMA_ANON_NAME.</summary>
    internal static unsafe nint prctlName(nint address, nuint length, BytePath name)
    {
        // SAFETY: the bytes are pinned and end with a zero; the kernel copies them.
        fixed (byte* bytes = name.Terminated)
        {
            return prctl(PrctlOption.PR_SET_VMA, 0, address, (nint)length, name.IsEmpty ? 0 : (nint)bytes);
        }
    }
}
