namespace Tare.Linux;

/// <summary>The machine's memory in bytes. /proc/meminfo, proc_meminfo(5).</summary>
/// <param name="Total">All that the kernel has.</param>
/// <param name="Free">Used for nothing.</param>
/// <param name="Available">What programs could get without swapping, files cached in memory included.</param>
/// <param name="Cached">Files cached in memory.</param>
/// <param name="SwapTotal">Swap.</param>
/// <param name="SwapFree">Swap that is free.</param>
public readonly record struct MachineMemory(
    long Total,
    long Free,
    long Available,
    long Cached,
    long SwapTotal,
    long SwapFree
)
{
    /// <summary>What programs could not get.</summary>
    public long Used => Total - Available;

    /// <summary>Reads it. ENOENT: /proc is not mounted.</summary>
    public static SysResult<MachineMemory> Read()
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, "/proc/meminfo", 1 << 16);
        return new(text.Ok ? Parse(text.Value) : default, text.Errno);
    }

    /// <summary>Takes the text apart: a name, a colon, an amount in KiB on every line.</summary>
    /// <exception cref="FormatException">An amount is none.</exception>
    public static MachineMemory Parse(ReadOnlySpan<byte> text)
    {
        MachineMemory memory = default;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            TextFields amount = new(line[(colon + 1)..]);
            memory = ProcText.String(line[..colon]) switch
            {
                "MemTotal" => memory with { Total = ProcText.Kibibytes(amount) },
                "MemFree" => memory with { Free = ProcText.Kibibytes(amount) },
                "MemAvailable" => memory with { Available = ProcText.Kibibytes(amount) },
                "Cached" => memory with { Cached = ProcText.Kibibytes(amount) },
                "SwapTotal" => memory with { SwapTotal = ProcText.Kibibytes(amount) },
                "SwapFree" => memory with { SwapFree = ProcText.Kibibytes(amount) },
                _ => memory,
            };
        }

        return memory;
    }
}
