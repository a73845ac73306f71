using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>inotify_add_watch(2).</summary>
    internal static unsafe nint inotify_add_watch(int descriptor, BytePath path, InotifyFlags mask)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.inotify_add_watch, descriptor, (nint)name, (nint)(uint)mask);
        }
    }
}
