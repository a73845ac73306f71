using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>The container that a program is added to, as far as a plan depends on it.</summary>
/// <param name="Namespaces">
/// The namespaces that the container's first process has and the launcher has not: kinds whose identities differ
/// (<see cref="Tare.Linux.Namespaces.IdentityOf"/>). To join one's own user
/// namespace is refused by the kernel, so what does not differ must not be named.
/// </param>
public sealed record ExecTarget(CloneFlags Namespaces)
{
    /// <summary>
    /// Where its root is mounted in its mount namespace, which is not its alone (<see cref="RootView.Place"/>); null where
    /// that namespace's root is its own.
    /// </summary>
    public string? RootPlace { get; init; }

    /// <summary>The container's profile of system calls, checked; null is none.</summary>
    public SeccompSpec? Seccomp { get; init; }

    /// <summary>The container's execution domain; null leaves the launcher's.</summary>
    public uint? Personality { get; init; }

    /// <summary>On which memory nodes the container's memory lies; null leaves it.</summary>
    public ValidatedMemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>The same namespaces with all that the programs of a container have in common.</summary>
    /// <exception cref="SpecException">The configuration asks for what cannot be.</exception>
    public ExecTarget Of(RuntimeSpec configuration) =>
        this with
        {
            Seccomp = SeccompRules.Check(configuration),
            Personality = PersonalityRules.Check(configuration.Linux?.Personality),
            MemoryPolicy = MemoryPolicyRules.Check(configuration.Linux?.MemoryPolicy),
        };

    /// <summary>Another namespace than the launcher's is joined.</summary>
    public bool Has(CloneFlags kind) => (Namespaces & kind) != 0;
}
