using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>Why a launch came to nothing.</summary>
/// <param name="Step">The index of the step in the plan; null where the process itself could not be made.</param>
/// <param name="Words">What was being done, in the plan's words.</param>
/// <param name="Errno">What the kernel said; <see cref="Errno.None"/> where the process was killed.</param>
/// <param name="Ended">How the process ended, where that is the whole reason.</param>
public sealed record LaunchFailure(int? Step, string Words, Errno Errno, ExitStatus? Ended = null)
{
    /// <summary>One line: what failed, and the errno's name or how the process ended.</summary>
    public override string ToString() =>
        Errno != Errno.None ? $"{Words}: {Errno}" : $"{Words}: the process was ended by {Ended}";
}
