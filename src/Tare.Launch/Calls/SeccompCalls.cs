using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps that load a filter of system calls. seccomp(2).</summary>
public static class SeccompCalls
{
    private const int AddressOffset = 8; // sock_fprog.filter, linux/filter.h

    /// <summary>The step that loads a filter; what it needs in memory is added before it.</summary>
    /// <param name="plan">The plan, to which the step itself is not added.</param>
    /// <param name="words">What for.</param>
    /// <param name="instructions">The program.</param>
    /// <param name="flags">How it is loaded.</param>
    public static CallStep Load(
        LaunchPlanBuilder plan,
        string words,
        ReadOnlySpan<SocketFilter> instructions,
        SeccompFilterFlags flags
    )
    {
        SocketFilterProgram header = new() { Length = (ushort)instructions.Length };
        Scratch filter = plan.NewScratch("the filter", MemoryMarshal.AsBytes(instructions));
        Scratch program = plan.NewScratch(
            "the program",
            MemoryMarshal.AsBytes(new ReadOnlySpan<SocketFilterProgram>(in header))
        );
        plan.Add(new AddressStep(words, filter, program, AddressOffset));
        return new CallStep(
            words,
            Syscall.seccomp,
            [Argument.Flags(SeccompOperation.SECCOMP_SET_MODE_FILTER), Argument.Flags(flags), program]
        );
    }
}
