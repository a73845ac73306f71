namespace Tare.Oci;

/// <summary>The specification's words in <c>linux.seccomp</c>.</summary>
public static class SeccompNames
{
    /// <summary>The words for the actions, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<string> Actions =
    [
        "SCMP_ACT_KILL",
        "SCMP_ACT_KILL_PROCESS",
        "SCMP_ACT_KILL_THREAD",
        "SCMP_ACT_TRAP",
        "SCMP_ACT_ERRNO",
        "SCMP_ACT_TRACE",
        "SCMP_ACT_ALLOW",
        "SCMP_ACT_LOG",
        "SCMP_ACT_NOTIFY",
    ];

    /// <summary>The words for the operators, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<string> Operators =
    [
        "SCMP_CMP_NE",
        "SCMP_CMP_LT",
        "SCMP_CMP_LE",
        "SCMP_CMP_EQ",
        "SCMP_CMP_GE",
        "SCMP_CMP_GT",
        "SCMP_CMP_MASKED_EQ",
    ];

    /// <summary>The words for the architectures, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<string> Architectures =
    [
        "SCMP_ARCH_X86",
        "SCMP_ARCH_X86_64",
        "SCMP_ARCH_X32",
        "SCMP_ARCH_ARM",
        "SCMP_ARCH_AARCH64",
        "SCMP_ARCH_MIPS",
        "SCMP_ARCH_MIPS64",
        "SCMP_ARCH_MIPS64N32",
        "SCMP_ARCH_MIPSEL",
        "SCMP_ARCH_MIPSEL64",
        "SCMP_ARCH_MIPSEL64N32",
        "SCMP_ARCH_PPC",
        "SCMP_ARCH_PPC64",
        "SCMP_ARCH_PPC64LE",
        "SCMP_ARCH_S390",
        "SCMP_ARCH_S390X",
        "SCMP_ARCH_PARISC",
        "SCMP_ARCH_PARISC64",
        "SCMP_ARCH_RISCV64",
        "SCMP_ARCH_LOONGARCH64",
        "SCMP_ARCH_M68K",
        "SCMP_ARCH_SH",
        "SCMP_ARCH_SHEB",
    ];

    /// <summary>The words for the flags, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<string> Flags =
    [
        "SECCOMP_FILTER_FLAG_TSYNC",
        "SECCOMP_FILTER_FLAG_LOG",
        "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
    ];

    /// <summary>The word for an action.</summary>
    public static string Of(SeccompActionType action) => Actions[(int)action];

    /// <summary>The word for an operator.</summary>
    public static string Of(SeccompOperator comparison) => Operators[(int)comparison];

    /// <summary>The word for an architecture.</summary>
    public static string Of(SeccompArchitecture architecture) => Architectures[(int)architecture];

    /// <summary>The word for a flag.</summary>
    public static string Of(SeccompFlag flag) => Flags[(int)flag];
}
