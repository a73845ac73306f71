using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps that load a filter of system calls. seccomp(2).</summary>
public static class SeccompCalls
{
    private const int AddressOffset = 8; // sock_fprog.filter, linux/filter.h

    private static readonly Syscall[] OwnCalls =
    [
        Syscall.futex,
        Syscall.ppoll,
        Syscall.read,
        Syscall.rt_sigprocmask,
        Syscall.exit_group,
    ];

    /// <summary>How many instructions a filter may have whose listener is taken.</summary>
    public static int LongestWithListener => Seccomp.MaximumLength - FilterPass.Overhead - OwnCalls.Length;

    /// <summary>
    /// Adds the steps that load a filter whose calls another process decides about, and wait at a gate until that process has
    /// taken the listener. What the launch itself does from there on is let through, whatever the filter says, by a number
    /// that the launched program does not know; the execution is not.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">What for.</param>
    /// <param name="instructions">The program, at most <see cref="LongestWithListener"/>.</param>
    /// <param name="flags">How it is loaded, besides SECCOMP_FILTER_FLAG_NEW_LISTENER.</param>
    /// <param name="listener">Where the listener's number in the child is put.</param>
    /// <returns>The gate at which the listener can be taken (pidfd_getfd(2)).</returns>
    public static int LoadWithListener(
        LaunchPlanBuilder plan,
        string words,
        ReadOnlySpan<SocketFilter> instructions,
        SeccompFilterFlags flags,
        Slot listener
    )
    {
        Span<byte> pass = stackalloc byte[sizeof(long)];
        RandomBytes.Fill(pass);
        plan.Pass = BitConverter.ToInt64(pass) | 1;
        SocketFilter[] guarded = [.. FilterPass.Before(plan.Pass, OwnCalls), .. instructions];
        CallStep load = Load(plan, words, guarded, flags | SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER);
        plan.Add(load with { Result = listener });
        return plan.Gate("wait until somebody has the filter's listener");
    }

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
