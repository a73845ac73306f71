using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Whether a user can use a part of the machine's tree, by owners and permissions; access control lists do not count. path_resolution(7).
/// </summary>
internal static class SandboxReach
{
    private const int Read = 4;
    private const int Write = 2;
    private const int Search = 1;

    /// <summary>Finds the first part of a place's path that the user cannot use as the place is meant; null where all can be used.</summary>
    /// <exception cref="KernelException">It is gone.</exception>
    public static string? FirstClosed(SandboxPlace place, ProcessCredentials user)
    {
        for (int end = place.Path.IndexOf('/', 1); end > 0; end = place.Path.IndexOf('/', end + 1))
        {
            if (!Allows(place.Path[..end], user, Search))
            {
                return place.Path[..end];
            }
        }

        int wanted = Read | (place.Writable ? Write : 0) | (place.IsDirectory ? Search : 0);
        return Allows(place.Path, user, wanted) ? null : place.Path;
    }

    private static bool Allows(string path, ProcessCredentials user, int wanted)
    {
        using FileFd file = Files.OpenAt(null, path, OpenFlags.O_PATH).OrThrow("open", path);
        StatX status = Files.StatX(file).OrThrow("look at", path);
        int shift =
            status.UserId == user.UserId ? 6
            : status.GroupId == user.GroupId ? 3
            : 0;
        return (((int)status.Mode >> shift) & wanted) == wanted;
    }
}
