using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>add_key(2).</summary>
    internal static unsafe nint add_key(BytePath type, BytePath description, ReadOnlySpan<byte> payload, int keyring)
    {
        // SAFETY: all are pinned; the texts end with a zero, and the payload's length is passed.
        fixed (
            byte* kind = type.Terminated,
                text = description.Terminated,
                bytes = payload
        )
        {
            return Call(Syscall.add_key, (nint)kind, (nint)text, (nint)bytes, payload.Length, keyring);
        }
    }
}
