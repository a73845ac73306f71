using System.Globalization;

namespace Tare.Linux;

/// <summary>How long tasks stood still for want of something. Documentation/accounting/psi.rst.</summary>
/// <param name="Average10">Percent of the last 10 seconds.</param>
/// <param name="Average60">Percent of the last minute.</param>
/// <param name="Average300">Percent of the last five minutes.</param>
/// <param name="TotalMicroseconds">Altogether, in microseconds.</param>
public readonly record struct StallTime(double Average10, double Average60, double Average300, long TotalMicroseconds);

/// <summary>Pressure on one resource: of the machine (/proc/pressure) or a cgroup (cpu.pressure, memory.pressure, io.pressure).</summary>
/// <param name="Some">At least one task stood still.</param>
/// <param name="Full">All that wanted to run stood still; null where the kernel does not say (cpu before Linux 5.13).</param>
public readonly record struct PressureStall(StallTime Some, StallTime? Full)
{
    /// <summary>Reads a file of pressure. ENOENT: no such cgroup, or no CONFIG_PSI; EOPNOTSUPP: booted without <c>psi=1</c>.</summary>
    public static SysResult<PressureStall> Read(FileDescriptor? directory, BytePath path)
    {
        SysResult<byte[]> text = Files.ReadAllAt(directory, path, 1 << 12);
        return new(text.Ok ? Parse(text.Value) : default, text.Errno);
    }

    /// <summary>Takes the text apart: <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=0</c>, and the same of <c>full</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PressureStall Parse(ReadOnlySpan<byte> text)
    {
        PressureStall stall = default;
        foreach (Range range in text.Split((byte)'\n'))
        {
            TextFields fields = new(text[range]);
            ReadOnlySpan<byte> kind = fields.Next();
            if (kind.SequenceEqual("some"u8))
            {
                stall = stall with { Some = Times(ref fields) };
            }
            else if (kind.SequenceEqual("full"u8))
            {
                stall = stall with { Full = Times(ref fields) };
            }
        }

        return stall;
    }

    private static StallTime Times(ref TextFields fields) =>
        new(
            Number(fields.Next(), "avg10="u8),
            Number(fields.Next(), "avg60="u8),
            Number(fields.Next(), "avg300="u8),
            (long)Number(fields.Next(), "total="u8)
        );

    private static double Number(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) =>
        field.StartsWith(name)
        && double.TryParse(
            field[name.Length..],
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double number
        )
        && number < long.MaxValue
            ? number
            : throw new FormatException($"'{TextFields.Printable(field)}' where a share of time was expected");
}
