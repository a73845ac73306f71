using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Something that a process did with a file. The descriptors are the receiver's, to be disposed.</summary>
/// <param name="Events">What.</param>
/// <param name="ProcessId">Who, in the receiver's PID namespace; 0 where it is not in it.</param>
/// <param name="Process">The same as a descriptor; null where it has ended, or before Linux 5.15.</param>
/// <param name="File">The file; null where events were lost (FAN_Q_OVERFLOW).</param>
public sealed record FanotifyEvent(FanotifyEvents Events, int ProcessId, PidFd? Process, FileFd? File) : IDisposable
{
    /// <summary>The mount that was attached or detached: <see cref="Mounts.StatMount(ulong, ulong)"/>'s number. 0 of other events.</summary>
    public ulong MountId { get; init; }

    /// <summary>
    /// The process waits in its call until the group answers, or is closed: <see cref="Fanotify.Allow"/>, <see cref="Fanotify.Deny"/>.
    /// </summary>
    public bool IsQuestion => (Events & Fanotify.Questions) != 0;

    /// <inheritdoc />
    public void Dispose()
    {
        Process?.Dispose();
        File?.Dispose();
    }
}

/// <summary>Being told who uses files, of whole mounts and file systems too. CAP_SYS_ADMIN. fanotify(7).</summary>
public static class Fanotify
{
    private const uint CloseOnExec = 0x1;
    private const uint NonBlocking = 0x2;
    private const uint ReportPidFd = 0x80;
    private const uint Add = 0x1;
    private const uint Flush = 0x80;
    private const int HeaderSize = 24;
    private const byte Version = 3;
    private const byte PidFdRecord = 4;
    private const byte MountRecord = 7;
    private const int Padding = 4; // of numbers of 64 bits
    private const uint ReportMounts = 0x4000;
    private const uint MountNamespace = 0x110;
    private const uint Unlimited = 0x10; // FAN_UNLIMITED_QUEUE
    private const uint Allowed = 1;
    private const uint Denied = 2;
    private const int ErrnoShift = 24;

    /// <summary>Events that are answered.</summary>
    internal const FanotifyEvents Questions =
        FanotifyEvents.FAN_OPEN_PERM
        | FanotifyEvents.FAN_ACCESS_PERM
        | FanotifyEvents.FAN_OPEN_EXEC_PERM
        | FanotifyEvents.FAN_PRE_ACCESS;

    /// <summary>
    /// A new group. EPERM: no CAP_SYS_ADMIN; ENOSYS: no CONFIG_FANOTIFY; EINVAL: no CONFIG_FANOTIFY_ACCESS_PERMISSIONS, of groups
    /// that are asked. fanotify_init(2).
    /// </summary>
    /// <param name="nonBlocking">Reading does not wait.</param>
    /// <param name="kind">
    /// What it is for. One that is asked has a queue without a limit: the kernel allows what does not fit in.
    /// </param>
    public static SysResult<FileFd> Create(bool nonBlocking = false, FanotifyClass kind = FanotifyClass.FAN_CLASS_NOTIF)
    {
        uint flags = CloseOnExec | (nonBlocking ? NonBlocking : 0) | (uint)kind;
        flags |= kind == FanotifyClass.FAN_CLASS_NOTIF ? 0 : Unlimited;
        nint eventFlags = (nint)OpenFlagsTable.For(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, Interop.RunningOn);
        nint raw = Interop.Call(Syscall.fanotify_init, (nint)(flags | ReportPidFd), eventFlags);
        if (Interop.ErrnoOf(raw) == Errno.EINVAL)
        {
            raw = Interop.Call(Syscall.fanotify_init, (nint)flags, eventFlags);
        }

        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Marks what is to be told of. EINVAL: the kernel does not know an event (FAN_OPEN_EXEC: Linux 5.0). fanotify_mark(2).</summary>
    /// <param name="group">The group.</param>
    /// <param name="path">A file or directory, which is marked itself or says which mount or file system.</param>
    /// <param name="events">What is told.</param>
    /// <param name="scope">What is marked.</param>
    public static SysResult Mark(FileFd group, BytePath path, FanotifyEvents events, FanotifyScope scope)
    {
        using Borrowed descriptor = new(group);
        using Borrowed workingDirectory = new(null);
        return Interop.Result(
            Interop.fanotify_mark(descriptor.Number, Add | (uint)scope, events, workingDirectory.Number, path)
        );
    }

    /// <summary>
    /// Removes all marks of a kind, so that nothing new is told or asked; what is in the queue stays. FAN_MARK_FLUSH. fanotify_mark(2).
    /// </summary>
    public static SysResult RemoveMarks(FileFd group, FanotifyScope scope)
    {
        using Borrowed descriptor = new(group);
        using Borrowed workingDirectory = new(null);
        nint flags = (nint)(Flush | (uint)scope);
        return Interop.Result(
            Interop.Call(Syscall.fanotify_mark, descriptor.Number, flags, 0, workingDirectory.Number)
        );
    }

    /// <summary>
    /// A new group that is told of mounts of namespaces, and of nothing else. EINVAL: before Linux 6.14. EPERM: no CAP_SYS_ADMIN.
    /// fanotify_init(2) with FAN_REPORT_MNT.
    /// </summary>
    public static SysResult<FileFd> CreateForMounts(bool nonBlocking = false)
    {
        uint flags = CloseOnExec | (nonBlocking ? NonBlocking : 0) | ReportMounts;
        nint raw = Interop.Call(Syscall.fanotify_init, (nint)flags);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Marks a mount namespace for such a group. EPERM: no CAP_SYS_ADMIN in its owner. fanotify_mark(2), FAN_MARK_MNTNS.</summary>
    /// <param name="group">The group.</param>
    /// <param name="target">The mount namespace.</param>
    /// <param name="events">FAN_MNT_ATTACH, FAN_MNT_DETACH.</param>
    public static SysResult Mark(FileFd group, NamespaceFd target, FanotifyEvents events)
    {
        using Borrowed descriptor = new(group);
        using Borrowed marked = new(target);
        return Interop.Result(
            Interop.Call(
                Syscall.fanotify_mark,
                descriptor.Number,
                (nint)(Add | MountNamespace),
                (nint)(ulong)events,
                marked.Number
            )
        );
    }

    /// <summary>
    /// Lets a process go on that waits for an answer. The event stays the caller's. ENOENT: it was answered, or is no question.
    /// </summary>
    public static SysResult Allow(FileFd group, FanotifyEvent question) => Answer(group, question, Allowed);

    /// <summary>Fails the call of a process that waits for an answer. ENOENT: as for <see cref="Allow"/>.</summary>
    /// <param name="group">The group that was asked.</param>
    /// <param name="question">The event; stays the caller's.</param>
    /// <param name="errno">
    /// What the call fails with. Others than EPERM: Linux 6.14, groups of FAN_CLASS_PRE_CONTENT, and EIO, EBUSY, ETXTBSY, EAGAIN,
    /// ENOSPC and EDQUOT only; else EINVAL.
    /// </param>
    public static SysResult Deny(FileFd group, FanotifyEvent question, Errno errno = Errno.EPERM) =>
        Answer(group, question, Denied | (errno == Errno.EPERM ? 0 : ((uint)errno & 0xff) << ErrnoShift));

    /// <summary>What happened since the last call; EAGAIN where nothing did and the group does not block.</summary>
    public static SysResult<List<FanotifyEvent>> Read(FileFd group)
    {
        byte[] buffer = new byte[4096];
        SysResult<int> count = Files.Read(group, buffer);
        List<FanotifyEvent> events = [];
        if (count.Ok)
        {
            Parse(buffer.AsSpan(0, count.Value), events);
        }

        return new(events, count.Errno);
    }

    // struct fanotify_response. linux/fanotify.h.
    private static SysResult Answer(FileFd group, FanotifyEvent question, uint answer)
    {
        if (question.File is not { } file)
        {
            return new(Errno.ENOENT);
        }

        using Borrowed about = new(file);
        byte[] response = new byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(response, about.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(response.AsSpan(sizeof(int)), answer);
        return new(Files.Write(group, response).Errno);
    }

    /// <summary>Takes apart what the kernel wrote: structs fanotify_event_metadata, each with its records. linux/fanotify.h.</summary>
    internal static void Parse(ReadOnlySpan<byte> buffer, List<FanotifyEvent> events)
    {
        while (buffer.Length >= HeaderSize && buffer[4] == Version)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(buffer);
            ushort header = BinaryPrimitives.ReadUInt16LittleEndian(buffer[6..]);
            if (length > buffer.Length || header < HeaderSize || header > length)
            {
                return;
            }

            int file = BinaryPrimitives.ReadInt32LittleEndian(buffer[16..]);
            ReadOnlySpan<byte> records = buffer[header..(int)length];
            ReadOnlySpan<byte> told = RecordIn(records, PidFdRecord, sizeof(int));
            ReadOnlySpan<byte> mount = RecordIn(records, MountRecord, Padding + sizeof(ulong));
            int process = told.IsEmpty ? -1 : BinaryPrimitives.ReadInt32LittleEndian(told);
            events.Add(
                new(
                    (FanotifyEvents)BinaryPrimitives.ReadUInt64LittleEndian(buffer[8..]),
                    BinaryPrimitives.ReadInt32LittleEndian(buffer[20..]),
                    process < 0 ? null : new PidFd(process),
                    file < 0 ? null : new FileFd(file)
                )
                {
                    MountId = mount.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(mount[Padding..]),
                }
            );
            buffer = buffer[(int)length..];
        }
    }

    // What follows a record's kind and length; empty where there is none of that kind.
    private static ReadOnlySpan<byte> RecordIn(ReadOnlySpan<byte> records, byte kind, int size)
    {
        while (records.Length >= 4)
        {
            ushort length = BinaryPrimitives.ReadUInt16LittleEndian(records[2..]);
            if (length < 4 || length > records.Length)
            {
                return [];
            }

            if (records[0] == kind)
            {
                return length - 4 >= size ? records.Slice(4, size) : [];
            }

            records = records[length..];
        }

        return [];
    }
}
