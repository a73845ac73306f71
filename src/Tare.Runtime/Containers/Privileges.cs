using Tare.Linux;

namespace Tare.Runtime.Containers;

/// <summary>Whether this process may do to the machine what containers need, or needs a user namespace for it.</summary>
public static class Privileges
{
    /// <summary>It runs as root. In a container that is the container's root, who may do as much there.</summary>
    public static bool IsRoot { get; } = Credentials.GetEffectiveUid() == 0;

    /// <summary>
    /// It is root of the machine, and not of another user namespace, as whom engines of ordinary users call: that root makes
    /// no devices, and cgroups only where they were delegated to the user.
    /// </summary>
    public static bool IsMachineRoot() => IsRoot && Namespaces.IsInFirstUserNamespace;

    /// <summary>
    /// A process is in a user namespace that an ordinary user has made alone, or below one: nobody may change
    /// supplementary groups there. user_namespaces(7).
    /// </summary>
    /// <param name="process">Its number, or <c>self</c>.</param>
    public static bool AreGroupsFixed(string process) =>
        Files.ReadAllAt(null, $"/proc/{process}/setgroups") is { Ok: true } text
        && text.Value.AsSpan().StartsWith("deny"u8);
}
