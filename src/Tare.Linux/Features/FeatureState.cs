using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Whether a feature is to be had.</summary>
/// <param name="Feature">Which.</param>
/// <param name="Present">It was tried, or seen, and is there.</param>
/// <param name="Errno">What the trial gave, where it failed.</param>
/// <param name="Reason">Why it is absent, where that is more than the errno says.</param>
/// <param name="Detail">A version or a number, where the feature has one.</param>
/// <param name="Help">What to do about it, where that is something else than usual.</param>
public readonly record struct FeatureState(
    KernelFeature Feature,
    bool Present,
    Errno Errno = Errno.None,
    string? Reason = null,
    int Detail = 0,
    string? Help = null
)
{
    /// <summary>The feature by the kernel's own words.</summary>
    public string Name => FeatureWords.NameOf(Feature);

    /// <summary>Why it is absent, in words; null where it is there.</summary>
    public string? Why =>
        Present ? null
        : Reason is not null ? Reason
        : Errno == Errno.ENOSYS ? "ENOSYS: the kernel has no such call, or a seccomp filter hides it"
        : Errno == Errno.EPERM ? "EPERM: this user may not, or a seccomp filter or security module forbids it"
        : Errno == Errno.ENOSPC ? "ENOSPC: a limit under /proc/sys/user is reached or zero"
        : Errno == Errno.None ? "it is not there"
        : $"{Errno}";

    /// <summary>What to do about it; null where it is there.</summary>
    public string? Remedy => Present ? null : Help ?? FeatureWords.RemedyFor(Feature, Errno);
}
