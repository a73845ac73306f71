using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What a thread has of shadow stacks. asm/prctl.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in its documentation
public enum ShadowStackFeatures : ulong
{
    None = 0,
    ARCH_SHSTK_SHSTK = 1,
    ARCH_SHSTK_WRSS = 2,
}
#pragma warning restore CS1591

/// <summary>
/// Return addresses that are kept twice, where a program cannot write: returning to another is a SIGSEGV. The C library switches
/// them on when it starts a program that was built for it (glibc.cpu.x86_shstk); a running one cannot, for it could not return.
/// </summary>
public static class ShadowStacks
{
    private const int OfX64 = 0x5005; // ARCH_SHSTK_STATUS
    private const int OfArm64 = 74; // PR_GET_SHADOW_STACK_STATUS

    /// <summary>
    /// What the calling thread has. EINVAL or EOPNOTSUPP: the processor or the kernel has none. ARCH_SHSTK_STATUS, Linux 6.6; on
    /// arm64 PR_GET_SHADOW_STACK_STATUS, Linux 6.13.
    /// </summary>
    public static SysResult<ShadowStackFeatures> Get()
    {
        bool arm = Interop.RunningOn == CpuArchitecture.Arm64;
        nint raw = Interop.prctl_read(
            arm ? Syscall.prctl : Syscall.arch_prctl,
            arm ? OfArm64 : OfX64,
            out ulong features
        );
        return new((ShadowStackFeatures)features, Interop.ErrnoOf(raw));
    }
}
