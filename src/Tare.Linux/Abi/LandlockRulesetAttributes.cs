using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct landlock_ruleset_attr: what a ruleset denies unless a rule allows it. linux/landlock.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LandlockRulesetAttributes
{
    /// <summary>Of files.</summary>
    public LandlockAccessFs HandledAccessFs;

    /// <summary>Of the network, ABI 4.</summary>
    public LandlockAccessNet HandledAccessNet;

    /// <summary>Of other processes, ABI 6; no rule allows it.</summary>
    public LandlockScope Scoped;

    /// <summary>Of <see cref="HandledAccessFs"/>, what is not logged when it is denied with what a rule made quiet; ABI 10.</summary>
    public LandlockAccessFs QuietAccessFs;

    /// <summary>The same of <see cref="HandledAccessNet"/>, ABI 10.</summary>
    public LandlockAccessNet QuietAccessNet;

    /// <summary>Of <see cref="Scoped"/>, what is not logged, without any rule; ABI 10.</summary>
    public LandlockScope QuietScoped;
}
