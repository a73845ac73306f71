using Tare.Launch.Calls;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>The programs of processes that are made beside a sandboxed one: the same sealed files for all, never closed.</summary>
internal static class CompanionProgram
{
    private static readonly Lazy<MemoryFd> MadeInit = new(static () => Make("tare-init", InitImage.ForThisMachine()));
    private static readonly Lazy<MemoryFd> MadeGuard = new(static () =>
        Make("tare-guard", GuardImage.ForThisMachine())
    );

    /// <summary>The first process of a PID namespace.</summary>
    /// <exception cref="KernelException">The kernel forbids to execute memory.</exception>
    public static FileDescriptor Init => MadeInit.Value;

    /// <summary>What ends all that a program has started.</summary>
    /// <exception cref="KernelException">The kernel forbids to execute memory.</exception>
    public static FileDescriptor Guard => MadeGuard.Value;

    private static MemoryFd Make(string name, byte[] program) =>
        MemFds
            .CreateExecutable(name, program)
            .OrThrow(
                "make an executable file in memory",
                name,
                "set the sysctl vm.memfd_noexec to 0 or 1, or do without SandboxOptions.Init"
            );
}
