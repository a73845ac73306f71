using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Makes the program of classic BPF that the kernel decides about system calls by. Rules mean what they mean to libseccomp
/// as runc uses it; docs/adr/0005-seccomp.md says how that comes about.
/// </summary>
public static class FilterCompiler
{
    internal const int NumberOffset = 0;
    internal const int ArchitectureOffset = 4;
    private const uint ArchitectureX64 = 0xC000_003E; // AUDIT_ARCH_X86_64, linux/audit.h
    private const uint ArchitectureX86 = 0x4000_0003; // AUDIT_ARCH_I386
    private const uint ArchitectureArm64 = 0xC000_00B7; // AUDIT_ARCH_AARCH64
    private const uint ArchitectureArm = 0x4000_0028; // AUDIT_ARCH_ARM

    /// <summary>The program for a processor. Calls of its own architecture are always decided by the profile.</summary>
    /// <returns>The program, which may be longer than the <see cref="Seccomp.MaximumLength"/> that the kernel takes.</returns>
    public static SocketFilter[] Compile(FilterRules profile, CpuArchitecture processor)
    {
        FilterCode code = new();
        Dictionary<FilterDecision, FilterTarget> written = [];
        FilterTarget next = FilterTarget.Answer(FilterVerdicts.WrongArchitecture);

        // Of the other processors' architectures this one's kernel has no calls.
        if (processor == CpuArchitecture.X64)
        {
            bool withX32 = profile.FurtherAbis.Contains(FilterAbi.X32);
            FilterTarget x64 = Section(code, CallRanges.OfX64(profile, withX32), written);
            if (profile.FurtherAbis.Contains(FilterAbi.X86))
            {
                FilterTarget x86 = Section(code, CallRanges.Of(profile, FilterAbi.X86), written);
                next = code.Branch(FilterCode.Equal, ArchitectureX86, x86, next);
            }

            code.Branch(FilterCode.Equal, ArchitectureX64, x64, next);
        }
        else
        {
            FilterTarget arm64 = Section(code, CallRanges.Of(profile, FilterAbi.Arm64), written);
            if (profile.FurtherAbis.Contains(FilterAbi.Arm))
            {
                FilterTarget arm = Section(code, CallRanges.Of(profile, FilterAbi.Arm), written);
                next = code.Branch(FilterCode.Equal, ArchitectureArm, arm, next);
            }

            code.Branch(FilterCode.Equal, ArchitectureArm64, arm64, next);
        }

        code.Load(ArchitectureOffset);
        return code.ToProgram();
    }

    /// <summary>The answer that a call of the processor's own way gets; null where that depends on its arguments.</summary>
    public static uint? AnswerTo(FilterRules profile, CpuArchitecture processor, string name)
    {
        FilterAbi abi = processor == CpuArchitecture.X64 ? FilterAbi.X64 : FilterAbi.Arm64;
        CallDecisions decisions = CallDecisions.Of(profile, abi);
        FilterDecision decision =
            CallNumbers.Of(abi, name) is { } number && decisions.Calls.TryGetValue(number, out FilterDecision? known)
                ? known
                : decisions.Otherwise;
        return decision.Rules.IsEmpty ? decision.Otherwise : null;
    }

    /// <summary>AUDIT_ARCH of a processor's own way of making calls.</summary>
    internal static uint ArchitectureOf(CpuArchitecture processor) =>
        processor == CpuArchitecture.X64 ? ArchitectureX64 : ArchitectureArm64;

    /// <summary>By which way a call was made; null where it is none that is known. AUDIT_ARCH, linux/audit.h.</summary>
    public static FilterAbi? AbiOf(uint architecture, int number) =>
        architecture switch
        {
            ArchitectureX64 => ((uint)number & CallNumbers.X32Bit) != 0 ? FilterAbi.X32 : FilterAbi.X64,
            ArchitectureX86 => FilterAbi.X86,
            ArchitectureArm64 => FilterAbi.Arm64,
            ArchitectureArm => FilterAbi.Arm,
            _ => null,
        };

    private static FilterTarget Section(
        FilterCode code,
        CallRanges ranges,
        Dictionary<FilterDecision, FilterTarget> written
    )
    {
        code.Continue(RangeCode.Write(code, ranges, written));
        code.Load(NumberOffset);
        return code.Last;
    }
}
