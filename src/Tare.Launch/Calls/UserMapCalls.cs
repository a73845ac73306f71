using System.Globalization;

namespace Tare.Launch.Calls;

/// <summary>
/// A process in a new user namespace writes the maps itself, as it may where they map its own user and group and nothing
/// else. So a launch need not wait for its launcher. user_namespaces(7).
/// </summary>
public static class UserMapCalls
{
    /// <summary>Adds the steps.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="user">The user's number in the namespace, and outside of it.</param>
    /// <param name="group">The group's number in the namespace, and outside of it.</param>
    public static void WriteOwn(
        LaunchPlanBuilder plan,
        (uint Inside, uint Outside) user,
        (uint Inside, uint Outside) group
    )
    {
        Write(plan, "setgroups", "deny");
        Write(plan, "uid_map", Line(user));
        Write(plan, "gid_map", Line(group));
    }

    private static string Line((uint Inside, uint Outside) map) =>
        string.Create(CultureInfo.InvariantCulture, $"{map.Inside} {map.Outside} 1\n");

    private static void Write(LaunchPlanBuilder plan, string file, string text) =>
        FileCalls.Write(plan, $"write the user namespace's {file}", file, $"/proc/self/{file}", text);
}
