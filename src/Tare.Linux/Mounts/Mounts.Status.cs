using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Mounts
{
    /// <summary>LSMT_ROOT: the mount that is the root of the namespace.</summary>
    public const ulong RootMount = ulong.MaxValue;

    private const uint SmallestRequest = 24;
    private const uint Request = 32;
    private const uint ByDescriptor = 1; // STATMOUNT_BY_FD

    /// <summary>
    /// A mount by its number. ENOENT: it is not there, or the caller's root is not above it; EPERM: no CAP_SYS_ADMIN for
    /// another namespace; ENOSYS: before Linux 6.8. statmount(2).
    /// </summary>
    /// <param name="mountId">The number that is never given again: <see cref="ListMounts"/>, STATX_MNT_ID_UNIQUE.</param>
    /// <param name="namespaceId">The mount namespace (Linux 6.11); 0 is the caller's.</param>
    public static SysResult<MountStatus> StatMount(ulong mountId, ulong namespaceId = 0)
    {
        return StatMount(Ask(mountId, namespaceId, (ulong)MountStatus.Wanted), 0);
    }

    /// <summary>
    /// The mount that a descriptor is on, also when it was unmounted and only the descriptor keeps it: then it has no place and no
    /// namespace. ENOENT: it was never attached (<see cref="OpenTree(FileDescriptor?, BytePath, OpenTreeFlags)"/>). EINVAL: before
    /// Linux 7.0. ENOSYS: before 6.8. statmount(2) with STATMOUNT_BY_FD.
    /// </summary>
    public static SysResult<MountStatus> StatMount(FileDescriptor mount)
    {
        using Borrowed descriptor = new(mount);
        return StatMount(
            new()
            {
                Size = Request,
                Descriptor = (uint)descriptor.Number,
                Parameter = (ulong)MountStatus.Wanted,
            },
            ByDescriptor
        );
    }

    /// <summary>
    /// The numbers of all mounts below one that the caller's root is above, by rising number. Errors as above. listmount(2).
    /// </summary>
    /// <param name="mountId">The number that is never given again, or <see cref="RootMount"/>.</param>
    /// <param name="namespaceId">The mount namespace (Linux 6.11); 0 is the caller's.</param>
    public static SysResult<IReadOnlyList<ulong>> ListMounts(ulong mountId = RootMount, ulong namespaceId = 0)
    {
        List<ulong> mounts = [];
        Span<ulong> some = stackalloc ulong[128];
        while (true)
        {
            ulong last = mounts.Count == 0 ? 0 : mounts[^1];
            nint raw = Interop.listmount(Ask(mountId, namespaceId, last), some);
            if (raw < 0)
            {
                return new([], Interop.ErrnoOf(raw));
            }

            mounts.AddRange(some[..(int)raw]);
            if (raw < some.Length)
            {
                return new(mounts, Errno.None);
            }
        }
    }

    private static SysResult<MountStatus> StatMount(MountRequest request, uint flags)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            Errno errno = Interop.ErrnoOf(Interop.statmount(request, buffer, flags));
            if (errno != Errno.EOVERFLOW)
            {
                return errno == Errno.None ? new(MountStatus.Parse(buffer), errno) : new(null!, errno);
            }

            buffer = new byte[buffer.Length * 2];
        }
    }

    private static MountRequest Ask(ulong mountId, ulong namespaceId, ulong parameter) =>
        new()
        {
            Size = namespaceId == 0 ? SmallestRequest : Request,
            MountId = mountId,
            Parameter = parameter,
            NamespaceId = namespaceId,
        };
}
