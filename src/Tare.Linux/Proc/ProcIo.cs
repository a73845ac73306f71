namespace Tare.Linux;

/// <summary>What a process read and wrote, its ended threads and reaped children included. /proc/PID/io, proc_pid_io(5).</summary>
/// <param name="ReadCharacters">Bytes that read calls returned, from wherever.</param>
/// <param name="WrittenCharacters">Bytes that write calls took, to wherever.</param>
/// <param name="ReadCalls">Calls that read.</param>
/// <param name="WriteCalls">Calls that write.</param>
/// <param name="ReadBytes">Bytes fetched from disks.</param>
/// <param name="WrittenBytes">Bytes that are to go to disks.</param>
/// <param name="CancelledWriteBytes">Of those, bytes that never will because the file was cut before.</param>
public readonly record struct ProcIo(
    long ReadCharacters,
    long WrittenCharacters,
    long ReadCalls,
    long WriteCalls,
    long ReadBytes,
    long WrittenBytes,
    long CancelledWriteBytes
)
{
    /// <summary>Reads it. EACCES: no right to trace the process; ENOENT: CONFIG_TASK_IO_ACCOUNTING is missing.</summary>
    public static SysResult<ProcIo> Read(DirectoryFd task)
    {
        SysResult<byte[]> text = Files.ReadAllAt(task, "io", 1 << 16);
        return new(text.Ok ? Parse(text.Value) : default, text.Errno);
    }

    /// <summary>Takes the text apart: a name, a colon, a number on every line.</summary>
    /// <exception cref="FormatException">A value is no number.</exception>
    public static ProcIo Parse(ReadOnlySpan<byte> text)
    {
        ProcIo io = default;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            TextFields value = new(line[(colon + 1)..]);
            io = ProcText.String(line[..colon]) switch
            {
                "rchar" => io with { ReadCharacters = value.NextInt64() },
                "wchar" => io with { WrittenCharacters = value.NextInt64() },
                "syscr" => io with { ReadCalls = value.NextInt64() },
                "syscw" => io with { WriteCalls = value.NextInt64() },
                "read_bytes" => io with { ReadBytes = value.NextInt64() },
                "write_bytes" => io with { WrittenBytes = value.NextInt64() },
                "cancelled_write_bytes" => io with { CancelledWriteBytes = value.NextInt64() },
                _ => io,
            };
        }

        return io;
    }
}
