using System.Globalization;
using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Init;

/// <summary>
/// A process in a new user namespace writes the maps itself, as it may where they map its own user and group and nothing
/// else. So a launch need not wait for its launcher. user_namespaces(7).
/// </summary>
internal static class OwnMapSteps
{
    /// <summary>Adds the steps.</summary>
    /// <param name="builder">The plan.</param>
    /// <param name="uid">The user's number in the namespace, and outside of it.</param>
    /// <param name="gid">The group's number in the namespace, and outside of it.</param>
    public static void Add(LaunchPlanBuilder builder, Oci.IdMapping uid, Oci.IdMapping gid)
    {
        Write(builder, "setgroups", "deny");
        Write(builder, "uid_map", Line(uid));
        Write(builder, "gid_map", Line(gid));
    }

    private static string Line(Oci.IdMapping map) =>
        string.Create(CultureInfo.InvariantCulture, $"{map.ContainerId} {map.HostId} {map.Size}\n");

    private static void Write(LaunchPlanBuilder builder, string file, string text)
    {
        string words = $"write the user namespace's {file}";
        Slot descriptor = builder.NewSlot(file);
        builder.CallInto(
            descriptor,
            words,
            Syscall.openat,
            Argument.WorkingDirectory,
            $"/proc/self/{file}",
            Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
        );
        builder.Call(words, Syscall.write, descriptor, text, Encoding.UTF8.GetByteCount(text));
        builder.Call(words, Syscall.close, descriptor);
    }
}
