using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What a process and all that it starts may reach, whoever it is. Immutable: each method gives a further policy. What is
/// handled is denied unless a rule allows it; what is not handled stays as it is. No privilege is needed but
/// <see cref="ProcessStartOptions.NoNewPrivileges"/>. landlock(7), Linux 5.13.
/// </summary>
/// <remarks>
/// The program itself, its interpreter and its libraries need <see cref="LandlockAccess.Execute"/>. Descriptors that are open
/// already stay usable. Changing the root or mounts is denied to a process whose files are handled.
/// </remarks>
public sealed record LandlockPolicy
{
    /// <summary>The kernel's ABI, from 1; 0 where it has no Landlock or it is off.</summary>
    public static int KernelAbi => Landlock.GetAbi() is { Ok: true, Value: var abi } ? abi : 0;

    /// <summary>What is denied with files unless a rule allows it; all that any kernel knows unless said.</summary>
    public LandlockAccessFs Files { get; init; } = LandlockAccess.All;

    /// <summary>
    /// What is denied with TCP ports (ABI 4, Linux 6.7) and UDP ports (ABI 10, Linux 7.2) unless a rule allows it; nothing
    /// unless said. Where both rights on UDP are handled, sending needs leave to bind port 0 too.
    /// </summary>
    public LandlockAccessNet Network { get; init; }

    /// <summary>Which processes outside cannot be reached, without exception; none unless said. ABI 6, Linux 6.12.</summary>
    public LandlockScope Scopes { get; init; }

    /// <summary>Which denials the kernel's audit logs. ABI 7, Linux 6.15.</summary>
    public LandlockRestrictFlags Logging { get; init; }

    /// <summary>Of <see cref="Files"/>, what is not logged when it is denied where a rule is quiet. ABI 10, Linux 7.2.</summary>
    public LandlockAccessFs QuietFiles { get; init; }

    /// <summary>The same of <see cref="Network"/>.</summary>
    public LandlockAccessNet QuietNetwork { get; init; }

    /// <summary>Of <see cref="Scopes"/>, what is not logged, without any rule. ABI 10, Linux 7.2.</summary>
    public LandlockScope QuietScopes { get; init; }

    /// <summary>
    /// What the kernel cannot enforce is left out, and said in <see cref="LandlockRuleset.Unenforced"/>, instead of failing.
    /// </summary>
    public bool BestEffort { get; init; }

    /// <summary>What is allowed below directories, and with files.</summary>
    public ImmutableArray<LandlockPathRule> Paths { get; init; } = [];

    /// <summary>What is allowed with ports.</summary>
    public ImmutableArray<LandlockPortRule> Ports { get; init; } = [];

    /// <summary>Allows something below directories, or with files; of what only directories have a file takes nothing.</summary>
    /// <exception cref="ArgumentException">There is no right, one is not handled, or a path is empty.</exception>
    public LandlockPolicy Allow(LandlockAccessFs access, params ReadOnlySpan<string> paths) =>
        Allow(access, optional: false, paths);

    /// <summary>The same for what is there; a path that does not exist is passed over.</summary>
    /// <exception cref="ArgumentException">There is no right, one is not handled, or a path is empty.</exception>
    public LandlockPolicy AllowIfThere(LandlockAccessFs access, params ReadOnlySpan<string> paths) =>
        Allow(access, optional: true, paths);

    /// <summary>Allows something with a TCP or UDP port, of IPv4 and IPv6; 0 is, for binding, any free one.</summary>
    /// <exception cref="ArgumentException">There is no right, or one is not handled.</exception>
    public LandlockPolicy AllowPort(LandlockAccessNet access, ushort port)
    {
        LandlockPolicy policy = this with { Ports = Ports.Add(new LandlockPortRule(port, access)) };
        LandlockChecks.Check(policy);
        return policy;
    }

    /// <summary>Makes the ruleset. Paths are opened now: what lies there later does not matter. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The policy is about nothing, or a rule allows what is not handled.</exception>
    /// <exception cref="KernelException">
    /// ENOSYS, EOPNOTSUPP: the kernel has no Landlock, or it is off. EOPNOTSUPP: it cannot enforce all that is asked for, which
    /// is named. ENOENT and others: a path cannot be opened.
    /// </exception>
    public LandlockRuleset ToRuleset() => LandlockRules.Make(this);

    private LandlockPolicy Allow(LandlockAccessFs access, bool optional, ReadOnlySpan<string> paths)
    {
        ImmutableArray<LandlockPathRule> rules = Paths;
        foreach (string path in paths)
        {
            rules = rules.Add(new LandlockPathRule(path, access) { Optional = optional });
        }

        LandlockPolicy policy = this with { Paths = rules };
        LandlockChecks.Check(policy);
        return policy;
    }
}

/// <summary>What is allowed below a directory, or with a file.</summary>
/// <param name="Path">The path, as this process sees it.</param>
/// <param name="Access">What is allowed.</param>
public sealed record LandlockPathRule(string Path, LandlockAccessFs Access)
{
    /// <summary>It may be missing.</summary>
    public bool Optional { get; init; }

    /// <summary>
    /// What of <see cref="LandlockPolicy.QuietFiles"/> is denied there is not logged; then nothing need be allowed. ABI 10.
    /// </summary>
    public bool Quiet { get; init; }
}

/// <summary>What is allowed with a port.</summary>
/// <param name="Port">The port.</param>
/// <param name="Access">What is allowed.</param>
public sealed record LandlockPortRule(ushort Port, LandlockAccessNet Access)
{
    /// <summary>
    /// What of <see cref="LandlockPolicy.QuietNetwork"/> is denied with it is not logged; then nothing need be allowed. ABI 10.
    /// </summary>
    public bool Quiet { get; init; }
}
