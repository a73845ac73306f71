using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Says what each mapping is for, from its name, its permissions and its neighbours.</summary>
internal static class MemoryClassification
{
    /// <summary>The kinds, in the mappings' order.</summary>
    public static MemoryRegionKind[] Of(IReadOnlyList<MemoryMapping> mappings)
    {
        HashSet<(DeviceNumber, ulong)> programs = [];
        foreach (MemoryMapping mapping in mappings)
        {
            if (mapping is { Inode: not 0, IsShared: false } && Has(mapping, ProtectionFlags.PROT_EXEC))
            {
                programs.Add((mapping.Device, mapping.Inode));
            }
        }

        MemoryRegionKind[] kinds = new MemoryRegionKind[mappings.Count];
        for (int i = 0; i < kinds.Length; i++)
        {
            MemoryMapping mapping = mappings[i];
            bool followsData =
                i > 0
                && mappings[i - 1].End == mapping.Start
                && kinds[i - 1] is MemoryRegionKind.Data or MemoryRegionKind.Bss;
            kinds[i] = Of(mapping, programs.Contains((mapping.Device, mapping.Inode)), followsData);
        }

        return kinds;
    }

    private static MemoryRegionKind Of(MemoryMapping mapping, bool isProgram, bool followsData)
    {
        string name = mapping.Name;
        if (name is "[heap]")
        {
            return MemoryRegionKind.Heap;
        }

        if (name.StartsWith("[stack", StringComparison.Ordinal))
        {
            return MemoryRegionKind.Stack;
        }

        if (name is "[vdso]" or "[vsyscall]" or "[vectors]" || name.StartsWith("[vvar", StringComparison.Ordinal))
        {
            return MemoryRegionKind.Vdso;
        }

        if (IsSharedMemory(mapping))
        {
            return MemoryRegionKind.SharedMemory;
        }

        if (mapping.Inode == 0)
        {
            return mapping.Protection == ProtectionFlags.PROT_NONE ? MemoryRegionKind.Reserved
                : followsData && name.Length == 0 && Has(mapping, ProtectionFlags.PROT_WRITE) ? MemoryRegionKind.Bss
                : MemoryRegionKind.Anonymous;
        }

        return mapping.IsShared || !isProgram ? MemoryRegionKind.FileMapping
            : Has(mapping, ProtectionFlags.PROT_EXEC) ? MemoryRegionKind.Text
            : Has(mapping, ProtectionFlags.PROT_WRITE) ? MemoryRegionKind.Data
            : mapping.Protection == ProtectionFlags.PROT_NONE ? MemoryRegionKind.Reserved
            : MemoryRegionKind.ReadOnlyData;
    }

    private static bool IsSharedMemory(MemoryMapping mapping) =>
        (mapping.IsShared && mapping.Inode == 0)
        || mapping.Name.StartsWith("[anon_shmem:", StringComparison.Ordinal)
        || (
            (mapping.Inode != 0 || mapping.IsShared)
            && (
                mapping.Name.StartsWith("/memfd:", StringComparison.Ordinal)
                || mapping.Name.StartsWith("/SYSV", StringComparison.Ordinal)
                || mapping.Name.StartsWith("/dev/shm/", StringComparison.Ordinal)
                || (mapping.IsShared && mapping.Name.StartsWith("/dev/zero", StringComparison.Ordinal))
            )
        );

    private static bool Has(MemoryMapping mapping, ProtectionFlags protection) =>
        (mapping.Protection & protection) != 0;
}
