using Tare.Fixtures;

namespace Tare.Conformance.Running;

/// <summary>A runtime's binary. What it is and can is found out by asking it.</summary>
public sealed class OciRuntime
{
    // crun makes its directories there all the same: on a tmpfs that goes with the namespace.
    private const string WithoutUnified = """
        { umount /sys/fs/cgroup/unified && mount -t tmpfs tmpfs /sys/fs/cgroup/unified; } 2>/dev/null ||
            { echo 'umount /sys/fs/cgroup/unified failed' >&2; exit 125; }
        exec "$@"
        """;
    private readonly bool _seesVersion1Alone;

    private OciRuntime(string name, string path, string version)
    {
        Name = name;
        Path = path;
        Version = version;

        // crun before 1.9 takes a machine with both kinds of cgroup for one of version 2, and cannot work there.
        _seesVersion1Alone = name == "crun" && File.Exists("/sys/fs/cgroup/unified/cgroup.procs");
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it says its version is.</summary>
    public string Version { get; }

    /// <summary>A runtime by its name in PATH or its path.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static OciRuntime Of(string program)
    {
        string? path = Tool.Find(program.Contains('/') ? System.IO.Path.GetFullPath(program) : program);
        if (path is null)
        {
            throw new FileNotFoundException($"find runtime '{program}': ENOENT (give its path, or install it)");
        }

        string[] lines = Tool.Run(path, "--version").ShouldSucceed().Lines;
        return new OciRuntime(System.IO.Path.GetFileName(path), path, lines[0].Split(' ')[^1]);
    }

    /// <summary>The words of a command.</summary>
    internal string[] Command(string root, string[] words)
    {
        string[] command = [Path, "--root", root, .. words];
        return _seesVersion1Alone
            ? ["unshare", "--mount", "--propagation", "slave", "sh", "-c", WithoutUnified, "sh", .. command]
            : command;
    }
}
