using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Namespaces
{
    /// <summary>LISTNS_CURRENT_USER: the caller's user namespace, for the lists of namespaces.</summary>
    public const ulong OwnUserNamespace = ulong.MaxValue;

    private const int Root = -10003; // FD_NSFS_ROOT
    private const int HandleType = 0xf1; // FILEID_NSFS
    private const int PageSize = 512;

    /// <summary>
    /// The number of a namespace that no other has had or will have while the machine is up, unlike
    /// <see cref="IdentityOf"/>'s. NS_GET_ID, Linux 6.18: ENOTTY before.
    /// </summary>
    public static SysResult<ulong> IdOf(NamespaceFd target)
    {
        using Borrowed descriptor = new(target);
        ulong id = 0;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.NS_GET_ID, ref id);
        return new(id, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// A page of the ids (<see cref="IdOf"/>) of namespaces in use, by rising id: those that the caller is in, and those that it
    /// may administer. ENOSYS: before Linux 6.19. EINVAL: there is no such user namespace. EOPNOTSUPP: there is no such kind.
    /// listns(2).
    /// </summary>
    /// <param name="page">Where they are written.</param>
    /// <param name="kinds">CLONE_NEW flags; none is all kinds.</param>
    /// <param name="owner">The id of the user namespace that owns them; 0 is any, <see cref="OwnUserNamespace"/> the caller's.</param>
    /// <param name="after">The last id of the page before; 0 begins.</param>
    /// <returns>How many there are; 0 where none is left.</returns>
    public static SysResult<int> List(
        Span<ulong> page,
        CloneFlags kinds = CloneFlags.None,
        ulong owner = 0,
        ulong after = 0
    )
    {
        nint raw = Interop.listns(
            new()
            {
                Size = (uint)Unsafe.SizeOf<NamespaceRequest>(),
                After = after,
                Kinds = (uint)kinds,
                OwnerId = owner,
            },
            page
        );

        // So it says that none is left behind the last.
        return Interop.ErrnoOf(raw) == Errno.ENOENT ? new(0, Errno.None) : Interop.IntResult(raw);
    }

    /// <summary>
    /// The ids of namespaces in use, asked for by pages while they are enumerated: what is made meanwhile may be among them.
    /// Each enumeration asks anew.
    /// </summary>
    /// <param name="kinds">CLONE_NEW flags; none is all kinds.</param>
    /// <param name="owner">The id of the user namespace that owns them; 0 is any, <see cref="OwnUserNamespace"/> the caller's.</param>
    /// <exception cref="KernelException">While enumerating, ENOSYS: before Linux 6.19. EINVAL: there is no such user namespace.</exception>
    public static IEnumerable<ulong> Enumerate(CloneFlags kinds = CloneFlags.None, ulong owner = 0)
    {
        ulong[] page = new ulong[PageSize];
        ulong last = 0;
        while (true)
        {
            int count = List(page, kinds, owner, last).OrThrow("list namespaces", hint: "listns needs Linux 6.19");
            for (int i = 0; i < count; i++)
            {
                yield return page[i];
            }

            if (count < page.Length)
            {
                yield break;
            }

            last = page[count - 1];
        }
    }

    /// <summary>
    /// Opens a namespace by its id (<see cref="IdOf"/>), also where no process is in it, as long as something keeps it. ESTALE:
    /// there is none any more, it is not the caller's to see, or Linux is 6.18, which wants the whole handle
    /// (<see cref="Files.GetHandle"/>); EBADF: before. open_by_handle_at(2) of a struct nsfs_file_handle.
    /// </summary>
    public static SysResult<NamespaceFd> OpenById(ulong id)
    {
        Span<byte> handle = stackalloc byte[16];
        handle.Clear();

        // Kind and inode may be left out: the id alone is enough.
        BinaryPrimitives.WriteUInt64LittleEndian(handle, id);
        nint raw = Interop.open_by_handle_at(
            Root,
            new FileHandle(HandleType, [.. handle]).Whole(),
            OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC
        );
        return raw < 0 ? Interop.Failed<NamespaceFd>(raw) : new(new NamespaceFd((int)raw), Errno.None);
    }
}
