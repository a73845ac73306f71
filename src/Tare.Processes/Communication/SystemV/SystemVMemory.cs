using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A segment of System V's shared memory, for programs that know no other: found by its key or number within the IPC namespace.
/// Who made it removes it when disposed; others keep it as long as they have it attached. shmget(2). <see cref="SharedMemory"/>
/// needs no removing.
/// </summary>
public sealed class SystemVMemory : IDisposable
{
    private readonly MappedMemory memory;

    private SystemVMemory(int id, bool isOwner, bool isReadOnly)
    {
        (Id, IsOwner, IsReadOnly) = (id, isOwner, isReadOnly);
        memory = SystemV.Attach(id, isReadOnly).OrThrow("attach shared memory", $"number {id}")!;
    }

    /// <summary>Its number, by which others open it.</summary>
    public int Id { get; }

    /// <summary>This object made it, and removes it.</summary>
    public bool IsOwner { get; }

    /// <summary>This process can only read it.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The size in bytes.</summary>
    public int Length => memory.Length;

    /// <summary>How many times it is attached, in all processes.</summary>
    /// <exception cref="KernelException">EIDRM: it was removed.</exception>
    public int AttachedCount => (int)SystemV.GetMemoryStatus(Id).OrThrow("ask about shared memory").Attached;

    /// <summary>The bytes; valid until this is disposed.</summary>
    /// <exception cref="InvalidOperationException">They can only be read: <see cref="Content"/>.</exception>
    public Span<byte> Span =>
        IsReadOnly ? throw new InvalidOperationException("this memory can only be read") : memory.GetSpan();

    /// <summary>The bytes, to be read.</summary>
    public ReadOnlyMemory<byte> Content => memory.Memory;

    /// <summary>New memory, all zero.</summary>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="key">By which others find it; null: by its number only.</param>
    /// <param name="mode">Who may attach it.</param>
    /// <exception cref="KernelException">EEXIST: the key is taken. ENOSPC, ENOMEM: kernel.shmmni or shmall.</exception>
    public static SystemVMemory Create(
        int length,
        int? key = null,
        FileModes mode = FileModes.S_IRUSR | FileModes.S_IWUSR
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        int id = SystemV
            .GetMemory(SystemVKeys.OfNew(key), (nuint)length, SystemVKeys.New, mode)
            .OrThrow("make shared memory", SystemVKeys.Name(key));
        try
        {
            return new(id, isOwner: true, isReadOnly: false);
        }
        catch
        {
            SystemV.RemoveMemory(id);
            throw;
        }
    }

    /// <summary>Memory that another has made, by its key.</summary>
    /// <exception cref="KernelException">ENOENT: there is none. EACCES.</exception>
    public static SystemVMemory Open(int key, FileAccess access = FileAccess.ReadWrite) =>
        OpenId(
            SystemV
                .GetMemory(SystemVKeys.Checked(key), 0, SystemVFlags.None)
                .OrThrow("open shared memory", SystemVKeys.Name(key)),
            access
        );

    /// <summary>Memory that another has made, by its number.</summary>
    /// <exception cref="KernelException">EINVAL: there is none. EACCES.</exception>
    public static SystemVMemory OpenId(int id, FileAccess access = FileAccess.ReadWrite) =>
        access is FileAccess.Read or FileAccess.ReadWrite
            ? new(id, isOwner: false, isReadOnly: access == FileAccess.Read)
            : throw new ArgumentException("memory is mapped to read, or to read and write", nameof(access));

    /// <summary>Detaches it; its owner removes it too.</summary>
    public void Dispose()
    {
        if (IsOwner)
        {
            SystemV.RemoveMemory(Id);
        }

        memory.Dispose();
    }
}
