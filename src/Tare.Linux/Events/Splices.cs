using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Moving bytes between descriptors inside the kernel; one of the two is a pipe. splice(2), tee(2), vmsplice(2).</summary>
public static class Splices
{
    /// <summary>
    /// Moves bytes. The value is how many; zero is the source's end. EAGAIN: a pipe is empty or full and
    /// <paramref name="flags"/> or the descriptor say not to wait. EINVAL: neither is a pipe, or one of the files cannot do it
    /// (a file opened with O_APPEND, say).
    /// </summary>
    /// <param name="source">Where they come from; its position moves.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="targetOffset">Where in a file, whose position then stays; null is its position, or a pipe or socket.</param>
    /// <param name="flags">How.</param>
    public static SysResult<int> Move(
        SafeHandle source,
        SafeHandle target,
        int count,
        long? targetOffset = null,
        SpliceFlags flags = SpliceFlags.None
    )
    {
        using Held from = new(source);
        using Held to = new(target);
        nint raw;
        do
        {
            raw = Interop.splice(from.Number, to.Number, targetOffset, count, flags);
        } while (Interop.Interrupted(raw));

        return Interop.IntResult(raw);
    }

    /// <summary>Copies what is in a pipe into another, and leaves it there. EAGAIN as for <see cref="Move"/>. tee(2).</summary>
    public static SysResult<int> Tee(PipeFd source, PipeFd target, int count, SpliceFlags flags = SpliceFlags.None)
    {
        using Borrowed from = new(source);
        using Borrowed to = new(target);
        nint raw;
        do
        {
            raw = Interop.Call(Syscall.tee, from.Number, to.Number, count, (nint)(uint)flags);
        } while (Interop.Interrupted(raw));

        return Interop.IntResult(raw);
    }

    /// <summary>
    /// Puts memory into a pipe without copying it: what is changed there before it has been read is read changed. vmsplice(2).
    /// </summary>
    public static SysResult<int> Put(
        MappedMemory memory,
        int offset,
        int count,
        PipeFd pipe,
        SpliceFlags flags = SpliceFlags.None
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + count, memory.Length);
        using Borrowed to = new(pipe);
        nint raw;
        do
        {
            raw = Interop.vmsplice(to.Number, memory.Address + offset, count, flags);
        } while (Interop.Interrupted(raw));

        return Interop.IntResult(raw);
    }

    // As Borrowed, of handles that are .NET's own too.
    private readonly ref struct Held
    {
        private readonly SafeHandle _handle;

        internal Held(SafeHandle handle)
        {
            bool added = false;
            handle.DangerousAddRef(ref added);
            _handle = handle;
        }

        internal int Number => (int)_handle.DangerousGetHandle();

        public void Dispose() => _handle.DangerousRelease();
    }
}
