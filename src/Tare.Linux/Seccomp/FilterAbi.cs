namespace Tare.Linux;

/// <summary>A way of making system calls: who calls by another has other numbers for the same calls.</summary>
public enum FilterAbi
{
    /// <summary>x86_64.</summary>
    X64,

    /// <summary>x86_64 with addresses of 32 bits: the same architecture to the kernel, with a bit in the number.</summary>
    X32,

    /// <summary>i386.</summary>
    X86,

    /// <summary>AArch64.</summary>
    Arm64,

    /// <summary>32-bit ARM.</summary>
    Arm,
}
