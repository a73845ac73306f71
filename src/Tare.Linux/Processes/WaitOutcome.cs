using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What waitid(2) had to say about a child.</summary>
/// <param name="ProcessId">The child.</param>
/// <param name="Code">What it did: ended, stopped, went on.</param>
/// <param name="Status">How it ended, where it ended.</param>
/// <param name="StopSignal">What stopped it, or SIGCONT, where it did not end.</param>
/// <param name="Usage">What it used up to now.</param>
public readonly record struct WaitOutcome(
    int ProcessId,
    ChildCode Code,
    ExitStatus Status,
    Signal StopSignal,
    ResourceUsage Usage
)
{
    /// <summary>The child ended (and is gone, unless WNOWAIT was given).</summary>
    public bool Ended => Code is ChildCode.CLD_EXITED or ChildCode.CLD_KILLED or ChildCode.CLD_DUMPED;

    internal static WaitOutcome From(in SigInfo info, in RUsage usage)
    {
        ExitStatus status = info.Code switch
        {
            ChildCode.CLD_EXITED => ExitStatus.Exited(info.Status),
            ChildCode.CLD_KILLED => ExitStatus.Killed((Signal)info.Status),
            ChildCode.CLD_DUMPED => ExitStatus.Killed((Signal)info.Status, coreDumped: true),
            _ => default,
        };
        Signal stop = info.Code is ChildCode.CLD_STOPPED or ChildCode.CLD_CONTINUED or ChildCode.CLD_TRAPPED
            ? (Signal)info.Status
            : Signal.None;
        return new(info.ProcessId, info.Code, status, stop, ResourceUsage.From(usage));
    }
}
