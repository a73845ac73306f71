using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The group numbers that this process's user may map through newgidmap(1). subgid(5).</summary>
internal static class SubordinateGroups
{
    private const string Ranges = "/etc/subgid";

    /// <summary>The first of so many of them.</summary>
    /// <exception cref="KernelException">This user has no so many.</exception>
    public static uint First(int count)
    {
        uint user = Credentials.GetEffectiveUid();
        return Find(TextOf(Ranges), user, NameOf(TextOf("/etc/passwd"), user), count)
            ?? throw new KernelException(
                Errno.EPERM,
                "map supplementary groups for user",
                user.ToString(CultureInfo.InvariantCulture),
                $"it has no {count} numbers in one range of {Ranges}: as root, usermod --add-subgids"
            );
    }

    /// <summary>The first number of a range that is long enough; null where there is none.</summary>
    internal static uint? Find(string ranges, uint user, string? name, int count)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        foreach (string line in ranges.Split('\n'))
        {
            if (
                line.Split(':') is [var owner, var first, var length]
                && (owner == name || owner == number)
                && uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out uint begin)
                && uint.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out uint most)
                && most >= count
            )
            {
                return begin;
            }
        }

        return null;
    }

    /// <summary>A user's name in passwd(5).</summary>
    internal static string? NameOf(string accounts, uint user)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        return accounts
            .Split('\n')
            .Select(line => line.Split(':'))
            .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)
            ?[0];
    }

    private static string TextOf(string file) => Encoding.UTF8.GetString(Files.ReadAllAt(null, file).Value ?? []);
}
