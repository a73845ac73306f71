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
    /// <exception cref="KernelException">ENOENT: a path is not there. EINVAL: it leads through a symbolic link.</exception>
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

        Add(places, options.ReadOnly, writable: false);
        Add(places, options.ReadWrite, writable: true);
        return (
            [.. places.Values.OrderBy(place => place.Path, StringComparer.Ordinal)],
            [.. links.Where(link => !places.ContainsKey(link.Path))]
        );
    }

    private static void Add(Dictionary<string, SandboxPlace> places, ImmutableArray<string> paths, bool writable)
    {
        foreach (string path in paths)
        {
            string real = Resolve(path);
            if (real.Length == 1 || Own.Any(own => own == real || own.StartsWith(real + "/", StringComparison.Ordinal)))
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
        }
    }

    // Symbolic links of the machine's own lead where they lead; the sandbox has the place under its real name.
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
