using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// An open file descriptor that this process owns. Close-on-exec from birth, closed when disposed. Each kind of
/// descriptor is a type of its own, so that a pidfd cannot be passed where a mount is meant.
/// </summary>
public abstract class FileDescriptor : SafeHandle
{
    /// <summary>Takes ownership of a descriptor.</summary>
    protected FileDescriptor(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    /// <inheritdoc />
    public override bool IsInvalid => handle < 0;

    /// <summary>
    /// The number, for the kernel only: valid while this handle is alive, which whoever asks must see to
    /// (<see cref="GC.KeepAlive(object?)"/>, or a reference held for the length of the call).
    /// </summary>
    public int Number => IsClosed ? -1 : (int)handle;

    /// <inheritdoc />
    protected override bool ReleaseHandle() => Interop.Call(Syscall.close, handle) >= 0;
}
