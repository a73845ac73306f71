using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Which parts of the machine's tree a sandbox has, from its options and from what is there.</summary>
internal static class SandboxPlaces
{
    private static readonly string[] SystemPaths =
    [
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/etc",
        "/opt",
    ];

    // What is made anew, and could not be had from the machine.
    private static readonly string[] Own = ["/proc", "/dev", "/tmp"];

    /// <summary>Looks, and sorts.</summary>
    /// <exception cref="KernelException">ENOENT: a path is not there. EINVAL: the sandbox has one of its own there.</exception>
    public static (ImmutableArray<SandboxPlace> Places, ImmutableArray<(string Path, string Target)> Links) Find(
        SandboxOptions options
    )
    {
        Dictionary<string, SandboxPlace> places = new(StringComparer.Ordinal);
        List<(string Path, string Target)> links = [];
        foreach (string path in options.System ? SystemPaths : [])
        {
            if (Files.ReadLinkAt(null, path) is { Ok: true, Value: var target })
            {
                links.Add((path, target.ToString()));
            }
            else if (Files.StatX(null, path) is { Ok: true, Value: var status })
            {
                places[path] = PlaceOf(path, status, writable: false);
            }
        }

        Add(places, links, options.ReadOnly, writable: false);
        Add(places, links, options.ReadWrite, writable: true);
        return (
            [.. places.Values.OrderBy(place => place.Path, StringComparer.Ordinal)],
            [.. links.DistinctBy(link => link.Path).Where(link => !IsThere(link.Path, places, links))]
        );
    }

    /// <summary>The first place that is to be read only and lies in one that can be changed; null where there is none.</summary>
    public static SandboxPlace? InWritable(ImmutableArray<SandboxPlace> places) =>
        places.FirstOrDefault(place =>
            !place.Writable && places.Any(other => other.Writable && IsBelow(place.Path, other.Path))
        );

    private static void Add(
        Dictionary<string, SandboxPlace> places,
        List<(string Path, string Target)> links,
        ImmutableArray<string> paths,
        bool writable
    )
    {
        foreach (string path in paths)
        {
            string real = Resolve(path);
            if (real.Length == 1 || Own.Any(own => own == real || IsBelow(own, real)))
            {
                throw new KernelException(
                    Errno.EINVAL,
                    "show in a sandbox",
                    path,
                    "the sandbox has one of its own there"
                );
            }

            StatX status = Files.StatX(null, real).OrThrow("show in a sandbox", path);
            places[real] = PlaceOf(real, status, writable) with { Named = true };
            string named = path.TrimEnd('/');
            if (named != real && IsPlain(named))
            {
                links.Add((named, real));
            }
        }
    }

    // What could be made as a link: no dots, and not where the sandbox has its own.
    private static bool IsPlain(string path) =>
        !IsBelow(path, "/proc")
        && !IsBelow(path, "/dev")
        && !path.Split('/').Skip(1).Any(part => part is "" or "." or "..");

    // A place or another link has it already.
    private static bool IsThere(
        string link,
        Dictionary<string, SandboxPlace> places,
        List<(string Path, string Target)> links
    ) =>
        places.Keys.Any(place => place == link || IsBelow(link, place))
        || links.Exists(other => IsBelow(link, other.Path));

    private static bool IsBelow(string path, string other) => path.StartsWith(other + "/", StringComparison.Ordinal);

    // Where symbolic links lead; the sandbox has the place there, and a link under the name that was given.
    private static string Resolve(string path)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC);
        using FileFd place = opened.OrThrow("show in a sandbox", path);
        return Files
            .ReadLinkAt(null, $"/proc/thread-self/fd/{place.Number}")
            .OrThrow("show in a sandbox", path)
            .ToString();
    }

    private static SandboxPlace PlaceOf(string path, StatX status, bool writable) =>
        new(path, ((FileModes)status.Mode & FileModes.S_IFMT) == FileModes.S_IFDIR, writable);
}
