using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Planning;

/// <summary>The container that a program is added to, as far as a plan depends on it.</summary>
/// <param name="Namespaces">
/// The namespaces that the container's first process has and the launcher has not: kinds whose identities differ
/// (<see cref="Tare.Linux.Namespaces.IdentityOf"/>). The mount namespace is always among them. To join one's own user
/// namespace is refused by the kernel, so what does not differ must not be named.
/// </param>
public sealed record ExecTarget(CloneFlags Namespaces)
{
    /// <summary>The container's profile of system calls, checked; null is none.</summary>
    public SeccompSpec? Seccomp { get; init; }

    /// <summary>Another namespace than the launcher's is joined.</summary>
    public bool Has(CloneFlags kind) => (Namespaces & kind) != 0;
}
