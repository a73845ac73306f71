using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Seccomp;

/// <summary>
/// Makes the program of classic BPF that the kernel decides about system calls by, of a profile of config.json. The
/// answers are those that runc gives through libseccomp; docs/adr/0005-seccomp.md says how they come about.
/// </summary>
public static class SeccompCompiler
{
    private const int NumberOffset = 0;
    private const int ArchitectureOffset = 4;
    private const uint ArchitectureX64 = 0xC000_003E; // AUDIT_ARCH_X86_64, linux/audit.h
    private const uint ArchitectureX86 = 0x4000_0003; // AUDIT_ARCH_I386
    private const uint ArchitectureArm64 = 0xC000_00B7; // AUDIT_ARCH_AARCH64
    private const uint ArchitectureArm = 0x4000_0028; // AUDIT_ARCH_ARM

    /// <summary>The program for a processor. Calls of its own architecture are always decided by the profile.</summary>
    /// <exception cref="SpecException">The program is longer than the kernel takes.</exception>
    public static SocketFilter[] Compile(SeccompSpec profile, CpuArchitecture processor)
    {
        FilterCode code = new();
        Dictionary<Decision, FilterTarget> written = [];
        FilterTarget next = FilterTarget.Answer(Verdicts.WrongArchitecture);

        // Of the other processors' architectures this one's kernel has no calls.
        if (processor == CpuArchitecture.X64)
        {
            bool withX32 = profile.Architectures.Contains(SeccompArchitecture.X32);
            FilterTarget x64 = Section(code, CallRanges.OfX64(profile, withX32), written);
            if (profile.Architectures.Contains(SeccompArchitecture.X86))
            {
                FilterTarget x86 = Section(code, CallRanges.Of(profile, FilterAbi.X86), written);
                next = code.Branch(FilterCode.Equal, ArchitectureX86, x86, next);
            }

            code.Branch(FilterCode.Equal, ArchitectureX64, x64, next);
        }
        else
        {
            FilterTarget arm64 = Section(code, CallRanges.Of(profile, FilterAbi.Arm64), written);
            if (profile.Architectures.Contains(SeccompArchitecture.Arm))
            {
                FilterTarget arm = Section(code, CallRanges.Of(profile, FilterAbi.Arm), written);
                next = code.Branch(FilterCode.Equal, ArchitectureArm, arm, next);
            }

            code.Branch(FilterCode.Equal, ArchitectureArm64, arm64, next);
        }

        code.Load(ArchitectureOffset);
        SocketFilter[] program = code.ToProgram();
        return program.Length <= Tare.Linux.Seccomp.MaximumLength
            ? program
            : throw new SpecException(
                "linux.seccomp.syscalls",
                $"make a filter of {program.Length} instructions, and the kernel takes {Tare.Linux.Seccomp.MaximumLength} "
                    + "(give fewer conditions)"
            );
    }

    private static FilterTarget Section(FilterCode code, CallRanges ranges, Dictionary<Decision, FilterTarget> written)
    {
        code.Continue(RangeCode.Write(code, ranges, written));
        code.Load(NumberOffset);
        return code.Last;
    }
}
