namespace Tare.Processes;

/// <summary>What a region of an address space is for.</summary>
public enum MemoryRegionKind
{
    /// <summary>A program's or library's instructions.</summary>
    Text,

    /// <summary>A program's or library's constants.</summary>
    ReadOnlyData,

    /// <summary>A program's or library's variables with values of their own.</summary>
    Data,

    /// <summary>A program's or library's variables that begin as zero.</summary>
    Bss,

    /// <summary>What brk(2) made longer.</summary>
    Heap,

    /// <summary>The first thread's stack.</summary>
    Stack,

    /// <summary>Code and data that the kernel gives every process.</summary>
    Vdso,

    /// <summary>Another mapped file.</summary>
    FileMapping,

    /// <summary>Memory backed by no file: heaps of allocators, stacks of threads.</summary>
    Anonymous,

    /// <summary>Memory that is shared with other processes, or could be.</summary>
    SharedMemory,

    /// <summary>Addresses that are kept free: nothing may be done there.</summary>
    Reserved,
}
