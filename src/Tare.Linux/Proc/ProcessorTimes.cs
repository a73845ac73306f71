namespace Tare.Linux;

/// <summary>
/// What all processors of the machine have done since it started, in ticks of <see cref="ProcStat.TicksPerSecond"/>.
/// /proc/stat, proc_stat(5).
/// </summary>
/// <param name="User">In user mode, guests of virtual machines included.</param>
/// <param name="Nice">In user mode, for processes with a nice value above 0.</param>
/// <param name="System">In the kernel.</param>
/// <param name="Idle">Nothing.</param>
/// <param name="IoWait">Nothing while a disk was waited for.</param>
/// <param name="Interrupts">In interrupts.</param>
/// <param name="SoftInterrupts">In what interrupts have put off.</param>
/// <param name="Stolen">Nothing because the machine's own host ran something else.</param>
/// <param name="Processors">How many processors there are.</param>
public readonly record struct ProcessorTimes(
    long User,
    long Nice,
    long System,
    long Idle,
    long IoWait,
    long Interrupts,
    long SoftInterrupts,
    long Stolen,
    int Processors
)
{
    /// <summary>The sum of all.</summary>
    public long Total => User + Nice + System + Idle + IoWait + Interrupts + SoftInterrupts + Stolen;

    /// <summary>What was neither idle nor stolen.</summary>
    public long Busy => User + Nice + System + Interrupts + SoftInterrupts;

    /// <summary>Reads them. ENOENT: /proc is not mounted.</summary>
    public static SysResult<ProcessorTimes> Read()
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, "/proc/stat", 1 << 24);
        return new(text.Ok ? Parse(text.Value) : default, text.Errno);
    }

    /// <summary>Takes the text apart: a line <c>cpu</c> with the sums, and one for each processor.</summary>
    /// <exception cref="FormatException">A value is no number.</exception>
    public static ProcessorTimes Parse(ReadOnlySpan<byte> text)
    {
        ProcessorTimes times = default;
        int processors = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (!line.StartsWith("cpu"u8))
            {
                continue;
            }

            TextFields fields = new(line);
            if (!fields.Next().SequenceEqual("cpu"u8))
            {
                processors++;
                continue;
            }

            times = new(
                fields.NextInt64(),
                fields.NextInt64(),
                fields.NextInt64(),
                fields.NextInt64(),
                fields.NextInt64(),
                fields.NextInt64(),
                fields.NextInt64(),
                fields.NextInt64(),
                0
            );
        }

        return times with
        {
            Processors = processors,
        };
    }
}
