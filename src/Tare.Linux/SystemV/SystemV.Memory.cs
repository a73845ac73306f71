using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class SystemV
{
    /// <summary>
    /// The number of a segment with that key, or with IPC_CREAT of a new one. ENOENT, EEXIST; EINVAL: it is smaller, or a size is
    /// not allowed; ENOSPC, ENOMEM: kernel.shmmni, shmall. shmget(2).
    /// </summary>
    public static SysResult<int> GetMemory(
        int key,
        nuint length,
        SystemVFlags flags,
        FileModes mode = FileModes.None
    ) => Interop.IntResult(Interop.Call(Syscall.shmget, key, (nint)length, Flags(flags, mode)));

    /// <summary>A segment in this process's memory; disposing it detaches it. EACCES, EIDRM. shmat(2).</summary>
    public static SysResult<MappedMemory?> Attach(int segment, bool readOnly = false)
    {
        SysResult<(long Length, long Attached)> status = GetMemoryStatus(segment);
        if (!status.Ok)
        {
            return new(null, status.Errno);
        }

        if (status.Value.Length > int.MaxValue)
        {
            return new(null, Errno.EFBIG);
        }

        nint raw = Interop.Call(Syscall.shmat, segment, 0, readOnly ? (nint)(int)SystemVFlags.SHM_RDONLY : 0);
        Errno errno = Interop.ErrnoOf(raw);
        return errno == Errno.None ? new(MappedMemory.Of(raw, (int)status.Value.Length), Errno.None) : new(null, errno);
    }

    /// <summary>A segment's length in bytes, and how many times it is attached. shmctl(2), IPC_STAT.</summary>
    public static SysResult<(long Length, long Attached)> GetMemoryStatus(int segment)
    {
        Span<byte> status = stackalloc byte[StatusSize];
        nint raw = Interop.systemv_stat(Syscall.shmctl, segment, status);
        return new(
            (
                BinaryPrimitives.ReadInt64LittleEndian(status[48..]),
                BinaryPrimitives.ReadInt64LittleEndian(status[88..])
            ),
            Interop.ErrnoOf(raw)
        );
    }

    /// <summary>Removes a segment once nobody has it attached any more; its key is free at once. shmctl(2), IPC_RMID.</summary>
    public static SysResult RemoveMemory(int segment) =>
        Interop.Result(Interop.Call(Syscall.shmctl, segment, (nint)(int)SystemVCommand.IPC_RMID));
}
