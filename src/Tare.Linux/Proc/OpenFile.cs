using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A file that a process has open. /proc/PID/fd and fdinfo, proc_pid_fdinfo(5).</summary>
/// <param name="Number">The descriptor.</param>
/// <param name="Target">A path as the process sees it, or <c>pipe:[…]</c>, <c>socket:[…]</c>, <c>anon_inode:…</c>.</param>
/// <param name="Flags">How it was opened, in the kernel's numbers of the machine; close-on-exec is among them.</param>
/// <param name="Position">Where the next read or write is, in bytes.</param>
/// <param name="MountId">The mount that it lies on; 0 where the kernel does not say.</param>
/// <param name="Details">Further lines of fdinfo by name: of eventfds, pidfds (<c>NSpid</c>), inotify, epoll and others.</param>
public sealed record OpenFile(
    int Number,
    string Target,
    uint Flags,
    long Position,
    int MountId,
    IReadOnlyList<KeyValuePair<string, string>> Details
)
{
    /// <summary>It is closed when the process executes a program.</summary>
    public bool IsCloseOnExec => (Flags & 0x80000) != 0;

    /// <summary>What may be done with it: O_RDONLY, O_WRONLY or O_RDWR.</summary>
    public OpenFlags Access => (OpenFlags)(Flags & 3);

    /// <summary>All of a process; what it closes meanwhile is left out. EACCES: no right to trace it.</summary>
    public static SysResult<IReadOnlyList<OpenFile>> ReadAll(DirectoryFd process)
    {
        SysResult<IReadOnlyList<int>> numbers = ProcDirectory.FileNumbers(process);
        List<OpenFile> files = [];
        foreach (int number in numbers.Value)
        {
            SysResult<string> target = ProcDirectory.Target(process, $"fd/{number}");
            SysResult<byte[]> details = Files.ReadAllAt(process, $"fdinfo/{number}", 1 << 22);
            if (target.Ok && details.Ok)
            {
                files.Add(Parse(number, target.Value, details.Value));
            }
        }

        return new(files, numbers.Errno);
    }

    /// <summary>Takes fdinfo apart: a name, a colon, a value on every line; some lines hold more, and are kept as they are.</summary>
    /// <exception cref="FormatException">A value is not what its name promises.</exception>
    public static OpenFile Parse(int number, string target, ReadOnlySpan<byte> details)
    {
        // The kernel's own come first; what follows may hold words of the process's.
        uint? flags = null;
        long? position = null;
        int? mount = null;
        List<KeyValuePair<string, string>> rest = [];
        foreach (Range range in details.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = details[range];
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            string name = ProcText.String(line[..colon]);
            TextFields value = new(line[(colon + 1)..]);
            switch (name)
            {
                case "flags" when flags is null:
                    flags = Octal(value.Next());
                    break;
                case "pos" when position is null:
                    position = value.NextInt64();
                    break;
                case "mnt_id" when mount is null:
                    mount = value.NextInt32();
                    break;
                default:
                    rest.Add(new(name, ProcText.String(line[(colon + 1)..].Trim(" \t"u8))));
                    break;
            }
        }

        return new(number, target, flags ?? 0, position ?? 0, mount ?? 0, rest);
    }

    private static uint Octal(ReadOnlySpan<byte> field)
    {
        ulong value = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > uint.MaxValue >> 3)
            {
                throw new FormatException("no octal number");
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return (uint)value;
    }
}
