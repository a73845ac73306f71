using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Something that happened to a watched file.</summary>
/// <param name="Watch">Which watch.</param>
/// <param name="Events">What happened.</param>
/// <param name="Name">The name in the watched directory; empty where the watched file itself is meant.</param>
public readonly record struct InotifyEvent(int Watch, InotifyFlags Events, BytePath Name);

/// <summary>Being told of changes to files: cgroup.events and memory.events among them. inotify(7).</summary>
public static class Inotify
{
    /// <summary>A new set of watches. inotify_init1(2).</summary>
    public static SysResult<FileFd> Create(bool nonBlocking = false)
    {
        OpenFlags flags = OpenFlags.O_CLOEXEC | (nonBlocking ? OpenFlags.O_NONBLOCK : OpenFlags.O_RDONLY);
        nint raw = Interop.Call(Syscall.inotify_init1, (nint)OpenFlagsTable.For(flags, Interop.RunningOn));
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Watches a file or directory; the result names the watch in events. inotify_add_watch(2).</summary>
    public static SysResult<int> AddWatch(FileFd set, BytePath path, InotifyFlags events)
    {
        using Borrowed descriptor = new(set);
        return Interop.IntResult(Interop.inotify_add_watch(descriptor.Number, path, events));
    }

    /// <summary>Waits for what happened since the last call; EAGAIN where nothing did and the set does not block.</summary>
    public static SysResult<List<InotifyEvent>> Read(FileFd set)
    {
        byte[] buffer = new byte[4096];
        SysResult<int> count = Files.Read(set, buffer);
        List<InotifyEvent> events = [];
        if (count.Ok)
        {
            Parse(buffer.AsSpan(0, count.Value), events);
        }

        return new(events, count.Errno);
    }

    /// <summary>Takes apart what the kernel wrote: 16 bytes (watch, events, cookie, length) and a name filled up with zeros.</summary>
    internal static void Parse(ReadOnlySpan<byte> buffer, List<InotifyEvent> events)
    {
        while (buffer.Length >= 16)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(buffer[12..]);
            if (length > buffer.Length - 16)
            {
                return;
            }

            ReadOnlySpan<byte> name = buffer.Slice(16, (int)length);
            int end = name.IndexOf((byte)0);
            events.Add(
                new(
                    BinaryPrimitives.ReadInt32LittleEndian(buffer),
                    (InotifyFlags)BinaryPrimitives.ReadUInt32LittleEndian(buffer[4..]),
                    BytePath.FromBytes(end < 0 ? name : name[..end])
                )
            );
            buffer = buffer[(16 + (int)length)..];
        }
    }
}
