using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>set_mempolicy(2) of the calling thread.</summary>
    internal static unsafe nint set_mempolicy(int mode, ReadOnlySpan<ulong> nodes)
    {
        // SAFETY: pinned during the call; the length is one bit more than is there, as the kernel reads one less.
        fixed (ulong* address = nodes)
        {
            return Call(Syscall.set_mempolicy, mode, (nint)address, nodes.IsEmpty ? 0 : (nodes.Length * 64) + 1);
        }
    }

    /// <summary>get_mempolicy(2) of the calling thread.</summary>
    internal static unsafe nint get_mempolicy(out int mode, Span<ulong> nodes)
    {
        mode = 0;

        // SAFETY: both are pinned during the call, with their lengths.
        fixed (int* value = &mode)
        fixed (ulong* address = nodes)
        {
            return Call(Syscall.get_mempolicy, (nint)value, (nint)address, nodes.Length * 64, 0, 0);
        }
    }

    /// <summary>migrate_pages(2): how many pages could not be moved.</summary>
    internal static unsafe nint migrate_pages(int process, ReadOnlySpan<ulong> from, ReadOnlySpan<ulong> to)
    {
        // SAFETY: both are pinned during the call and equally long; the length is one bit more, as above.
        fixed (ulong* source = from)
        fixed (ulong* target = to)
        {
            return Call(Syscall.migrate_pages, process, (from.Length * 64) + 1, (nint)source, (nint)target);
        }
    }

    /// <summary>move_pages(2); without target nodes it only tells where the pages are.</summary>
    internal static unsafe nint move_pages(
        int process,
        ReadOnlySpan<ulong> pages,
        ReadOnlySpan<int> nodes,
        Span<int> status,
        int flags
    )
    {
        // SAFETY: all are pinned during the call and as long as there are pages, or null; callers check.
        fixed (ulong* addresses = pages)
        fixed (int* targets = nodes)
        fixed (int* results = status)
        {
            return Call(
                Syscall.move_pages,
                process,
                pages.Length,
                (nint)addresses,
                (nint)targets,
                (nint)results,
                flags
            );
        }
    }
}
