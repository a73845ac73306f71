using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>sendmsg(2) of one piece of payload with ancillary data, which is in the kernel's form already.</summary>
    internal static unsafe nint sendmsg(
        int socket,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<byte> control,
        MessageFlags flags
    )
    {
        // SAFETY: both are pinned during the call, their lengths are passed, and the headers lie on the stack.
        fixed (
            byte* bytes = payload,
                ancillary = control
        )
        {
            IoVec vector = new() { Base = (nint)bytes, Length = (nuint)payload.Length };
            MsgHdr message = new()
            {
                Vectors = (nint)(&vector),
                VectorCount = 1,
                Control = control.IsEmpty ? 0 : (nint)ancillary,
                ControlLength = (nuint)control.Length,
            };
            return Call(Syscall.sendmsg, socket, (nint)(&message), (nint)(uint)flags);
        }
    }
}
