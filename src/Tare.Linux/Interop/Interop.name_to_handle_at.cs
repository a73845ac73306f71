using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>name_to_handle_at(2): the handle begins with its room and its type, 4 bytes each.</summary>
    internal static unsafe nint name_to_handle_at(
        int directory,
        BytePath path,
        Span<byte> handle,
        out int mount,
        AtFlags flags
    )
    {
        BinaryPrimitives.WriteInt32LittleEndian(handle, handle.Length - (2 * sizeof(int)));
        int id = 0;

        // SAFETY: all are pinned or on the stack during the call; the handle says how much room there is.
        fixed (byte* name = path.Terminated)
        fixed (byte* bytes = handle)
        {
            nint raw = Call(
                Syscall.name_to_handle_at,
                directory,
                (nint)name,
                (nint)bytes,
                (nint)(&id),
                (nint)(uint)flags
            );
            mount = id;
            return raw;
        }
    }

    /// <summary>open_by_handle_at(2).</summary>
    internal static unsafe nint open_by_handle_at(int mount, ReadOnlySpan<byte> handle, OpenFlags flags)
    {
        // SAFETY: pinned during the call; the handle says how long it is, which callers have checked.
        fixed (byte* bytes = handle)
        {
            return Call(Syscall.open_by_handle_at, mount, (nint)bytes, (nint)OpenFlagsTable.For(flags, Architecture));
        }
    }
}
