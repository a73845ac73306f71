using System.Globalization;
using System.Text;
using Tare.Cli.Sandbox;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Doctor;

/// <summary>The further user and group numbers that an ordinary user may map. subuid(5), newuidmap(1).</summary>
/// <param name="Ranges">The ranges, for people.</param>
/// <param name="Problem">Why they cannot be used; null where they can.</param>
/// <param name="Remedy">What helps.</param>
internal sealed record SubordinateIds(string? Ranges, string? Problem, string? Remedy)
{
    private static readonly string[] Folders = ["/usr/bin", "/bin", "/usr/local/bin", "/run/wrappers/bin"];

    /// <summary>Looks them up.</summary>
    public static SubordinateIds Read(uint uid)
    {
        string number = uid.ToString(CultureInfo.InvariantCulture);
        string name = Accounts.NameOf(uid) ?? number;
        foreach (string helper in (ReadOnlySpan<string>)["newuidmap", "newgidmap"])
        {
            if (!Folders.Any(folder => Files.FAccessAt2(null, $"{folder}/{helper}", AccessModes.X_OK).Ok))
            {
                return new SubordinateIds(
                    null,
                    $"'{helper}' is not installed",
                    "install the package uidmap (or shadow)"
                );
            }
        }

        string? users = Range("/etc/subuid", name, number);
        string? groups = Range("/etc/subgid", name, number);
        return users is null || groups is null
            ? new SubordinateIds(
                null,
                $"this user has no ranges in {(users is null ? "/etc/subuid" : "/etc/subgid")}",
                $"as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {name}"
            )
            : new SubordinateIds($"users {users}, groups {groups}", null, null);
    }

    private static string? Range(string file, string name, string number)
    {
        foreach (string line in Encoding.UTF8.GetString(Files.ReadAllAt(null, file).Value ?? []).Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length == 3 && (fields[0] == name || fields[0] == number))
            {
                return $"{fields[1]}+{fields[2]}";
            }
        }

        return null;
    }
}
