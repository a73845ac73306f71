using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>
/// The mappings in a mount option of crun's, which podman hands on: <c>idmap=uids=0-1-10#10-11-10;gids=0-100-10</c>, each
/// range the id in the container, the id on the host and the number of ids. One that begins with <c>@</c> counts from where
/// the container's own mapping puts the id in the container. crun(1).
/// </summary>
internal static class IdMapOption
{
    /// <summary>Reads them.</summary>
    /// <param name="property">The property's path, for errors.</param>
    /// <param name="text">What is behind <c>idmap=</c>.</param>
    /// <param name="uids">The container's own mapping of users.</param>
    /// <param name="gids">That of groups.</param>
    /// <exception cref="SpecException">It is something else.</exception>
    public static (IReadOnlyList<IdMapping> Uids, IReadOnlyList<IdMapping> Gids) Parse(
        string property,
        string text,
        IReadOnlyList<IdMapping> uids,
        IReadOnlyList<IdMapping> gids
    )
    {
        List<IdMapping> users = [];
        List<IdMapping> groups = [];
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split('=', 2);
            (List<IdMapping> list, IReadOnlyList<IdMapping> own) = words[0] switch
            {
                "uids" when words.Length == 2 => (users, uids),
                "gids" when words.Length == 2 => (groups, gids),
                _ => throw Wrong(property, part),
            };
            foreach (string range in words[1].Split('#', StringSplitOptions.RemoveEmptyEntries))
            {
                list.Add(ParseRange(property, range, own));
            }
        }

        return (users, groups);
    }

    private static IdMapping ParseRange(string property, string text, IReadOnlyList<IdMapping> own)
    {
        bool isRelative = text.StartsWith('@');
        string[] numbers = (isRelative ? text[1..] : text).Split('-');
        if (
            numbers.Length != 3
            || !TryParse(numbers[0], out uint inside)
            || !TryParse(numbers[1], out uint outside)
            || !TryParse(numbers[2], out uint size)
        )
        {
            throw Wrong(property, text);
        }

        return isRelative
            ? new IdMapping(inside, Shift(property, text, inside, outside, own), size)
            : new IdMapping(inside, outside, size);
    }

    private static uint Shift(string property, string text, uint inside, uint outside, IReadOnlyList<IdMapping> own)
    {
        foreach (IdMapping range in own)
        {
            if (inside >= range.ContainerId && inside - range.ContainerId < range.Size)
            {
                long shifted = (long)outside + range.HostId - range.ContainerId;
                return shifted is >= 0 and <= uint.MaxValue
                    ? (uint)shifted
                    : throw new SpecException(property, $"'{text}' goes beyond the last id");
            }
        }

        throw new SpecException(property, $"'{text}': {inside} is no id of the container's user namespace");
    }

    private static bool TryParse(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static SpecException Wrong(string property, string text) =>
        new(
            property,
            $"'{text}' maps no ids (write idmap=uids=CONTAINER-HOST-SIZE;gids=CONTAINER-HOST-SIZE, with # between several)"
        );
}
