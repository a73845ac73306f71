using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>recvmsg(2) of one piece of payload; tells how much ancillary data there was, and the message's flags.</summary>
    internal static unsafe nint recvmsg(
        int socket,
        Span<byte> payload,
        Span<byte> control,
        MessageFlags flags,
        out int controlLength,
        out MessageFlags received
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
                Control = (nint)ancillary,
                ControlLength = (nuint)control.Length,
            };
            nint raw = Call(Syscall.recvmsg, socket, (nint)(&message), (nint)(uint)flags);
            controlLength = raw < 0 ? 0 : (int)message.ControlLength;
            received = raw < 0 ? MessageFlags.None : message.Flags;
            return raw;
        }
    }
}
