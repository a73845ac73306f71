using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mount_setattr(2), Linux 5.12.</summary>
    internal static unsafe nint mount_setattr(int directory, BytePath path, AtFlags flags, in MountAttribute attribute)
    {
        // SAFETY: both are pinned, and the kernel only reads them during the call; the size passed is the struct's.
        fixed (byte* name = path.Terminated)
        fixed (MountAttribute* address = &attribute)
        {
            return Call(
                Syscall.mount_setattr,
                directory,
                (nint)name,
                (nint)(uint)flags,
                (nint)address,
                sizeof(MountAttribute)
            );
        }
    }
}
