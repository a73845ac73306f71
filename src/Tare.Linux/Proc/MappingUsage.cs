using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What of a mapping, or of a whole address space, lies in memory. All in bytes. /proc/PID/smaps, proc_pid_smaps(5).</summary>
public sealed record MappingUsage
{
    /// <summary>Addresses.</summary>
    public long Size { get; internal set; }

    /// <summary>In memory (RSS).</summary>
    public long Resident { get; internal set; }

    /// <summary>In memory, each page divided by how many processes have it (PSS).</summary>
    public long Proportional { get; internal set; }

    /// <summary>The anonymous part of <see cref="Proportional"/>; only of whole address spaces, Linux 5.4.</summary>
    public long ProportionalAnonymous { get; internal set; }

    /// <summary>The files' part of <see cref="Proportional"/>; only of whole address spaces, Linux 5.4.</summary>
    public long ProportionalFile { get; internal set; }

    /// <summary>The shared memory's part of <see cref="Proportional"/>; only of whole address spaces, Linux 5.4.</summary>
    public long ProportionalSharedMemory { get; internal set; }

    /// <summary>Pages that others have too, as they are on the disk.</summary>
    public long SharedClean { get; internal set; }

    /// <summary>Pages that others have too, changed.</summary>
    public long SharedDirty { get; internal set; }

    /// <summary>Pages of its own, as they are on the disk.</summary>
    public long PrivateClean { get; internal set; }

    /// <summary>Pages of its own, changed.</summary>
    public long PrivateDirty { get; internal set; }

    /// <summary>Used since they were marked last.</summary>
    public long Referenced { get; internal set; }

    /// <summary>Backed by no file.</summary>
    public long Anonymous { get; internal set; }

    /// <summary>Merged with pages of the same content. Linux 6.7.</summary>
    public long Merged { get; internal set; }

    /// <summary>Given up by MADV_FREE, and not taken yet.</summary>
    public long LazyFree { get; internal set; }

    /// <summary>Anonymous memory in huge pages.</summary>
    public long AnonymousHuge { get; internal set; }

    /// <summary>Of hugetlbfs, shared; not part of <see cref="Resident"/>.</summary>
    public long SharedHugeTlb { get; internal set; }

    /// <summary>Of hugetlbfs, its own; not part of <see cref="Resident"/>.</summary>
    public long PrivateHugeTlb { get; internal set; }

    /// <summary>Swapped out.</summary>
    public long Swap { get; internal set; }

    /// <summary>Swapped out, each page divided by how many processes have it.</summary>
    public long SwapProportional { get; internal set; }

    /// <summary>Locked, proportionally.</summary>
    public long Locked { get; internal set; }

    /// <summary>The size of a page.</summary>
    public long PageSize { get; internal set; }

    /// <summary>The kernel's flags, two letters each (<c>rd ex sd</c> …).</summary>
    public string Flags { get; internal set; } = "";

    /// <summary>In memory and shared with others.</summary>
    public long Shared => SharedClean + SharedDirty;

    /// <summary>In memory and its own: what would be free if it ended (USS).</summary>
    public long Private => PrivateClean + PrivateDirty;

    /// <summary>That of a whole address space. smaps_rollup, Linux 4.14. EACCES: no right to trace it; ESRCH: it has none.</summary>
    public static SysResult<MappingUsage> ReadWhole(DirectoryFd process)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, "smaps_rollup", 1 << 16);
        if (!text.Ok)
        {
            return new(null!, text.Errno);
        }

        IReadOnlyList<(MemoryMapping, MappingUsage Usage)> only = ParseAll(text.Value);
        return only.Count == 1 ? new(only[0].Usage, Errno.None) : new(null!, Errno.ESRCH);
    }

    /// <summary>Every mapping with what is in memory of it. EACCES: no right to trace the process.</summary>
    public static SysResult<IReadOnlyList<(MemoryMapping Mapping, MappingUsage Usage)>> ReadAll(DirectoryFd process)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, "smaps", 1 << 30);
        return new(text.Ok ? ParseAll(text.Value) : [], text.Errno);
    }

    /// <summary>Takes the text apart: a line as in maps, then lines with a name, a colon and an amount.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static IReadOnlyList<(MemoryMapping Mapping, MappingUsage Usage)> ParseAll(ReadOnlySpan<byte> text)
    {
        List<(MemoryMapping, MappingUsage)> all = [];
        MappingUsage? usage = null;
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (line.IsEmpty)
            {
                continue;
            }

            // Names begin with a capital, addresses do not.
            if (line[0] is >= (byte)'A' and <= (byte)'Z')
            {
                int colon = line.IndexOf((byte)':');
                if (colon < 0 || usage is null)
                {
                    throw new FormatException($"'{TextFields.Printable(line)}' belongs to no mapping");
                }

                usage.Take(line[..colon], line[(colon + 1)..]);
                continue;
            }

            usage = new();
            all.Add((MemoryMapping.Parse(line), usage));
        }

        return all;
    }

    /// <summary>The sum with another's.</summary>
    public MappingUsage Plus(MappingUsage other) =>
        new()
        {
            Size = Size + other.Size,
            Resident = Resident + other.Resident,
            Proportional = Proportional + other.Proportional,
            ProportionalAnonymous = ProportionalAnonymous + other.ProportionalAnonymous,
            ProportionalFile = ProportionalFile + other.ProportionalFile,
            ProportionalSharedMemory = ProportionalSharedMemory + other.ProportionalSharedMemory,
            SharedClean = SharedClean + other.SharedClean,
            SharedDirty = SharedDirty + other.SharedDirty,
            PrivateClean = PrivateClean + other.PrivateClean,
            PrivateDirty = PrivateDirty + other.PrivateDirty,
            Referenced = Referenced + other.Referenced,
            Anonymous = Anonymous + other.Anonymous,
            Merged = Merged + other.Merged,
            LazyFree = LazyFree + other.LazyFree,
            AnonymousHuge = AnonymousHuge + other.AnonymousHuge,
            SharedHugeTlb = SharedHugeTlb + other.SharedHugeTlb,
            PrivateHugeTlb = PrivateHugeTlb + other.PrivateHugeTlb,
            Swap = Swap + other.Swap,
            SwapProportional = SwapProportional + other.SwapProportional,
            Locked = Locked + other.Locked,
        };

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("VmFlags"u8))
        {
            Flags = ProcText.String(value.Trim((byte)' '));
            return;
        }

        switch (ProcText.String(name))
        {
            case "Size":
                Size = Amount(value);
                break;
            case "Rss":
                Resident = Amount(value);
                break;
            case "Pss":
                Proportional = Amount(value);
                break;
            case "Pss_Anon":
                ProportionalAnonymous = Amount(value);
                break;
            case "Pss_File":
                ProportionalFile = Amount(value);
                break;
            case "Pss_Shmem":
                ProportionalSharedMemory = Amount(value);
                break;
            case "Shared_Clean":
                SharedClean = Amount(value);
                break;
            case "Shared_Dirty":
                SharedDirty = Amount(value);
                break;
            case "Private_Clean":
                PrivateClean = Amount(value);
                break;
            case "Private_Dirty":
                PrivateDirty = Amount(value);
                break;
            case "Referenced":
                Referenced = Amount(value);
                break;
            case "Anonymous":
                Anonymous = Amount(value);
                break;
            case "KSM":
                Merged = Amount(value);
                break;
            case "LazyFree":
                LazyFree = Amount(value);
                break;
            case "AnonHugePages":
                AnonymousHuge = Amount(value);
                break;
            case "Shared_Hugetlb":
                SharedHugeTlb = Amount(value);
                break;
            case "Private_Hugetlb":
                PrivateHugeTlb = Amount(value);
                break;
            case "Swap":
                Swap = Amount(value);
                break;
            case "SwapPss":
                SwapProportional = Amount(value);
                break;
            case "Locked":
                Locked = Amount(value);
                break;
            case "KernelPageSize":
                PageSize = Amount(value);
                break;
        }
    }

    // Asked for by name: other lines, which newer kernels have, may hold something else.
    private static long Amount(ReadOnlySpan<byte> value) => ProcText.Kibibytes(new TextFields(value));
}
