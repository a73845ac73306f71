namespace Tare.Oci;

/// <summary>The architectures that a system call can be made for. config-linux.md.</summary>
public enum SeccompArchitecture
{
    /// <summary>i386.</summary>
    X86,

    /// <summary>x86_64.</summary>
    X64,

    /// <summary>x86_64 with addresses of 32 bits.</summary>
    X32,

    /// <summary>ARM, 32 bits.</summary>
    Arm,

    /// <summary>ARM, 64 bits.</summary>
    Arm64,

    /// <summary>MIPS, 32 bits.</summary>
    Mips,

    /// <summary>MIPS, 64 bits.</summary>
    Mips64,

    /// <summary>MIPS, 64 bits with addresses of 32.</summary>
    Mips64N32,

    /// <summary>MIPS, 32 bits, little endian.</summary>
    MipsLittle,

    /// <summary>MIPS, 64 bits, little endian.</summary>
    Mips64Little,

    /// <summary>MIPS, 64 bits with addresses of 32, little endian.</summary>
    Mips64N32Little,

    /// <summary>POWER, 32 bits.</summary>
    Ppc,

    /// <summary>POWER, 64 bits.</summary>
    Ppc64,

    /// <summary>POWER, 64 bits, little endian.</summary>
    Ppc64Little,

    /// <summary>S/390, 31 bits.</summary>
    S390,

    /// <summary>S/390, 64 bits.</summary>
    S390X,

    /// <summary>PA-RISC, 32 bits.</summary>
    PaRisc,

    /// <summary>PA-RISC, 64 bits.</summary>
    PaRisc64,

    /// <summary>RISC-V, 64 bits.</summary>
    RiscV64,

    /// <summary>LoongArch, 64 bits.</summary>
    LoongArch64,

    /// <summary>Motorola 68000.</summary>
    M68K,

    /// <summary>SuperH, little endian.</summary>
    SuperH,

    /// <summary>SuperH, big endian.</summary>
    SuperHBig,
}
