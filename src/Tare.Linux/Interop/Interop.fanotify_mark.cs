using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fanotify_mark(2).</summary>
    internal static unsafe nint fanotify_mark(
        int group,
        uint flags,
        FanotifyEvents events,
        int directory,
        BytePath path
    )
    {
        // SAFETY: the path is pinned and ends with a zero.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.fanotify_mark, group, (nint)flags, (nint)(ulong)events, directory, (nint)name);
        }
    }
}
