namespace Tare.Linux.Abi;

/// <summary>The architectures that Tare makes plans and machine code for.</summary>
public enum CpuArchitecture
{
    /// <summary>x86_64.</summary>
    X64,

    /// <summary>AArch64, little endian.</summary>
    Arm64,
}
