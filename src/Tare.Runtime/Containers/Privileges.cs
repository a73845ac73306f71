using System.Text;
using Tare.Linux;

namespace Tare.Runtime.Containers;

/// <summary>Whether this process may do to the machine what containers need, or needs a user namespace for it.</summary>
public static class Privileges
{
    /// <summary>It runs as root. In a container that is the container's root, who may do as much there.</summary>
    public static bool IsRoot { get; } = Credentials.GetEffectiveUid() == 0;

    /// <summary>It is root of the machine, whose user namespace maps every id to itself; not of another user namespace.</summary>
    public static bool IsMachineRoot() =>
        IsRoot
        && Files.ReadAllAt(null, "/proc/self/uid_map") is { Ok: true, Value: var map }
        && Encoding.ASCII.GetString(map).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            is ["0", "0", "4294967295"];
}
