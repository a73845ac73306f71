using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Sandbox;

/// <summary>A user as a program is run by it.</summary>
/// <param name="Uid">The user's number.</param>
/// <param name="Gid">The group's.</param>
/// <param name="Groups">Further groups.</param>
/// <param name="Name">The name; null where the number is all that is known.</param>
/// <param name="Home">The home directory; null where it is not known.</param>
internal sealed record Account(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string? Name, string? Home);

/// <summary>Users and groups of a file tree, as its <c>/etc/passwd</c> and <c>/etc/group</c> name them. passwd(5), group(5).</summary>
internal static class Accounts
{
    private const int LargestFile = 16 << 20;

    /// <summary>The account that <c>USER[:GROUP]</c> means, names or numbers, as <c>docker run --user</c> has it.</summary>
    /// <param name="text">What is to be looked up.</param>
    /// <param name="root">The tree's root; nothing leads out of it.</param>
    /// <exception cref="UsageException">A name is not known.</exception>
    public static Account Find(string text, string root)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string user = colon < 0 ? text : text[..colon];
        string? group = colon < 0 ? null : text[(colon + 1)..];
        using DirectoryFd directory = Files.OpenDirectoryAt(null, root, OpenFlags.O_PATH).OrThrow("open", root);
        return Find(user, group, Lines(directory, "etc/passwd"), Lines(directory, "etc/group"));
    }

    /// <summary>The name of a user of this machine; null where it has none.</summary>
    public static string? NameOf(uint uid)
    {
        using DirectoryFd directory = Files.OpenDirectoryAt(null, "/", OpenFlags.O_PATH).OrThrow("open", "/");
        return Lines(directory, "etc/passwd")
            .FirstOrDefault(fields => fields.Length >= 4 && TryNumber(fields[2], out uint its) && its == uid)
            ?[0];
    }

    /// <summary>The names of all users of this machine.</summary>
    public static IReadOnlyDictionary<uint, string> Names()
    {
        using DirectoryFd directory = Files.OpenDirectoryAt(null, "/", OpenFlags.O_PATH).OrThrow("open", "/");
        Dictionary<uint, string> names = [];
        foreach (string[] fields in Lines(directory, "etc/passwd"))
        {
            if (fields.Length >= 4 && TryNumber(fields[2], out uint uid))
            {
                names.TryAdd(uid, fields[0]);
            }
        }

        return names;
    }

    /// <summary>The same from the files' lines.</summary>
    public static Account Find(
        string user,
        string? group,
        IReadOnlyList<string[]> users,
        IReadOnlyList<string[]> groups
    )
    {
        // A user by that name goes before one of that number.
        string[]? entry =
            users.FirstOrDefault(fields => fields.Length >= 4 && fields[0] == user)
            ?? users.FirstOrDefault(fields =>
                fields.Length >= 4 && TryNumber(user, out uint uid) && TryNumber(fields[2], out uint its) && uid == its
            );
        uint number;
        if (entry is null)
        {
            if (!TryNumber(user, out number))
            {
                throw new UsageException($"--user: there is no user '{user}' in /etc/passwd (give the number)");
            }
        }
        else if (!TryNumber(entry[2], out number))
        {
            throw new UsageException($"--user: '{user}' has no number in /etc/passwd (give the number)");
        }

        if (group is not null)
        {
            return new Account(number, Group(group, groups), [], entry?[0], Home(entry));
        }

        uint gid = entry is not null && TryNumber(entry[3], out uint own) ? own : 0;
        string? name = entry?[0];
        uint[] further = name is null
            ? []
            :
            [
                .. groups
                    .Where(fields => fields.Length >= 4 && fields[3].Split(',').Contains(name, StringComparer.Ordinal))
                    .Select(fields => TryNumber(fields[2], out uint id) ? id : gid)
                    .Where(id => id != gid)
                    .Distinct(),
            ];
        return new Account(number, gid, further, name, Home(entry));
    }

    private static string? Home(string[]? entry) =>
        entry is { Length: >= 6 } && entry[5].StartsWith('/') ? entry[5] : null;

    private static uint Group(string text, IReadOnlyList<string[]> groups)
    {
        string[]? entry = groups.FirstOrDefault(fields => fields.Length >= 3 && fields[0] == text);
        return TryNumber(entry?[2] ?? text, out uint number)
            ? number
            : throw new UsageException($"--user: there is no group '{text}' in /etc/group (give the number)");
    }

    // The last number means "none" to the kernel.
    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;

    private static List<string[]> Lines(DirectoryFd root, string path)
    {
        SysResult<FileFd> opened = Files.OpenAt2(new RootedPath(root, path), OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        if (!opened.Ok)
        {
            return [];
        }

        using FileFd file = opened.Value;
        List<string[]> lines = [];
        foreach (string line in Encoding.UTF8.GetString(Files.ReadToEnd(file, LargestFile).Value).Split('\n'))
        {
            lines.Add(line.Split(':'));
        }

        return lines;
    }
}
