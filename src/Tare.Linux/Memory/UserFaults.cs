using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Faults of this process's memory that a thread of it handles. userfaultfd(2).</summary>
public sealed class UserFaultFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>Somebody waits for a page.</summary>
/// <param name="Address">The page's begin.</param>
/// <param name="Flags">Of which kind it is; none: a page to read is missing.</param>
/// <param name="ThreadId">Who waits; 0 without UFFD_FEATURE_THREAD_ID.</param>
public readonly record struct UserFault(ulong Address, UserFaultFlags Flags, int ThreadId);

/// <summary>
/// Pages that are supplied when they are used. A thread that waits for one cannot be stopped by the garbage collector while it
/// is in managed code: who supplies must not allocate meanwhile, or only native code and system calls may touch the
/// memory. userfaultfd(2), Linux 4.3.
/// </summary>
public static class UserFaults
{
    private const ulong Api = 0xAA;
    private const byte PageFault = 0x12;
    private const int UserModeOnly = 1;
    private const int MessageSize = 32;

    /// <summary>
    /// Opens. EPERM: the sysctl vm.unprivileged_userfaultfd is 0, so without CAP_SYS_PTRACE only <paramref name="userModeOnly"/>
    /// (Linux 5.11); EINVAL: a feature is not there; ENOSYS: no CONFIG_USERFAULTFD.
    /// </summary>
    /// <param name="features">What is wanted besides.</param>
    /// <param name="userModeOnly">System calls that touch a missing page fail with EFAULT instead of waiting.</param>
    /// <param name="nonBlocking">Reading does not wait.</param>
    public static SysResult<UserFaultFd> Open(
        UserFaultFeatures features = UserFaultFeatures.None,
        bool userModeOnly = true,
        bool nonBlocking = false
    )
    {
        OpenFlags flags = OpenFlags.O_CLOEXEC | (nonBlocking ? OpenFlags.O_NONBLOCK : OpenFlags.O_RDONLY);
        nint raw = Interop.Call(
            Syscall.userfaultfd,
            (nint)(OpenFlagsTable.For(flags, Interop.RunningOn) | (userModeOnly ? UserModeOnly : 0u))
        );
        if (raw < 0)
        {
            return Interop.Failed<UserFaultFd>(raw);
        }

        UserFaultFd opened = new((int)raw);
        UserFaultApi api = new() { Api = Api, Features = features };
        SysResult agreed = Ask(opened, IoctlRequest.UFFDIO_API, ref api);
        if (agreed.Ok)
        {
            return new(opened, Errno.None);
        }

        opened.Dispose();
        return new(null!, agreed.Errno);
    }

    /// <summary>From now on faults there are told of. EBUSY: another userfaultfd has it; EINVAL: not such memory. UFFDIO_REGISTER.</summary>
    /// <param name="faults">Where they are told.</param>
    /// <param name="address">At a page's begin.</param>
    /// <param name="length">Whole pages, in bytes.</param>
    /// <param name="modes">Which faults.</param>
    public static SysResult Register(
        UserFaultFd faults,
        nint address,
        nuint length,
        UserFaultModes modes = UserFaultModes.UFFDIO_REGISTER_MODE_MISSING
    )
    {
        UserFaultRangeRequest request = new() { Range = Range(address, length), Mode = (ulong)modes };
        return Ask(faults, IoctlRequest.UFFDIO_REGISTER, ref request);
    }

    /// <summary>No longer; who waits is woken, and finds zeros. UFFDIO_UNREGISTER.</summary>
    public static SysResult Unregister(UserFaultFd faults, nint address, nuint length)
    {
        UserFaultRange range = Range(address, length);
        return Ask(faults, IoctlRequest.UFFDIO_UNREGISTER, ref range);
    }

    /// <summary>
    /// The next fault. EAGAIN: there is none, and reading does not wait; ENOMSG: it was another event (a fork, an unmapping),
    /// which was asked for by a feature.
    /// </summary>
    public static SysResult<UserFault> Read(UserFaultFd faults)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        SysResult<int> read = Files.Read(faults, message);
        return !read.Ok ? new(default, read.Errno)
            : message[0] != PageFault ? new(default, Errno.ENOMSG)
            : new(
                new(
                    BinaryPrimitives.ReadUInt64LittleEndian(message[16..]),
                    (UserFaultFlags)BinaryPrimitives.ReadUInt64LittleEndian(message[8..]),
                    BinaryPrimitives.ReadInt32LittleEndian(message[24..])
                ),
                Errno.None
            );
    }

    /// <summary>Supplies pages and wakes who waits for them. EEXIST: there is one already; ENOENT: nothing is mapped any more. UFFDIO_COPY.</summary>
    /// <param name="faults">Where the fault was told.</param>
    /// <param name="address">At a page's begin.</param>
    /// <param name="pages">What is to be there: whole pages.</param>
    public static SysResult Copy(UserFaultFd faults, nint address, ReadOnlySpan<byte> pages)
    {
        using Borrowed descriptor = new(faults);
        return Interop.Result(Interop.ioctl(descriptor.Number, address, pages));
    }

    /// <summary>The same with zeros. UFFDIO_ZEROPAGE.</summary>
    public static SysResult Zero(UserFaultFd faults, nint address, nuint length)
    {
        UserFaultRangeRequest request = new() { Range = Range(address, length) };
        return Ask(faults, IoctlRequest.UFFDIO_ZEROPAGE, ref request);
    }

    /// <summary>The same with what is in the file already, for UFFDIO_REGISTER_MODE_MINOR. UFFDIO_CONTINUE, Linux 5.13.</summary>
    public static SysResult Continue(UserFaultFd faults, nint address, nuint length)
    {
        UserFaultRangeRequest request = new() { Range = Range(address, length) };
        return Ask(faults, IoctlRequest.UFFDIO_CONTINUE, ref request);
    }

    /// <summary>The same with pages from elsewhere in this process, which are gone there. UFFDIO_MOVE, Linux 6.8.</summary>
    public static SysResult Move(UserFaultFd faults, nint address, nint from, nuint length)
    {
        UserFaultCopy request = new()
        {
            Destination = (ulong)address,
            Source = (ulong)from,
            Length = length,
        };
        return Ask(faults, IoctlRequest.UFFDIO_MOVE, ref request);
    }

    /// <summary>
    /// Forbids writing, or allows it and wakes who waits, for UFFDIO_REGISTER_MODE_WP. UFFDIO_WRITEPROTECT, Linux 5.7.
    /// </summary>
    public static SysResult Protect(UserFaultFd faults, nint address, nuint length, bool forbid)
    {
        UserFaultProtection request = new() { Range = Range(address, length), Mode = forbid ? 1u : 0u };
        return Ask(faults, IoctlRequest.UFFDIO_WRITEPROTECT, ref request);
    }

    /// <summary>Wakes who waits there, to try again. UFFDIO_WAKE.</summary>
    public static SysResult Wake(UserFaultFd faults, nint address, nuint length)
    {
        UserFaultRange range = Range(address, length);
        return Ask(faults, IoctlRequest.UFFDIO_WAKE, ref range);
    }

    private static UserFaultRange Range(nint address, nuint length) =>
        new() { Start = (ulong)address, Length = length };

    private static SysResult Ask<T>(UserFaultFd faults, IoctlRequest request, ref T argument)
        where T : unmanaged
    {
        using Borrowed descriptor = new(faults);
        return Interop.Result(Interop.ioctl(descriptor.Number, request, ref argument));
    }
}
