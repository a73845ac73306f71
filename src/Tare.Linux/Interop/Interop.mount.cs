using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mount(2); an empty source, type or data is a null pointer.</summary>
    internal static unsafe nint mount(BytePath source, BytePath target, BytePath type, MountFlags flags, BytePath data)
    {
        // SAFETY: all are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* from = source.Terminated,
                to = target.Terminated,
                kind = type.Terminated,
                options = data.Terminated
        )
        {
            return Call(
                Syscall.mount,
                source.IsEmpty ? 0 : (nint)from,
                (nint)to,
                type.IsEmpty ? 0 : (nint)kind,
                (nint)flags,
                data.IsEmpty ? 0 : (nint)options
            );
        }
    }
}
