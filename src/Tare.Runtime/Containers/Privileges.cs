using Tare.Linux;

namespace Tare.Runtime.Containers;

/// <summary>Whether this process may do to the machine what containers need, or needs a user namespace for it.</summary>
public static class Privileges
{
    /// <summary>It runs as root. In a container that is the container's root, who may do as much there.</summary>
    public static bool IsRoot { get; } = Credentials.GetEffectiveUid() == 0;
}
