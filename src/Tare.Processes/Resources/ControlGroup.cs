using Tare.Linux;

namespace Tare.Processes;

/// <summary>A cgroup: a place in the tree of limits. Owns its descriptors; disposing leaves the cgroup. cgroups(7).</summary>
public sealed class ControlGroup : IDisposable
{
    private readonly DirectoryFd directory;

    private ControlGroup(DirectoryFd directory) => this.directory = directory;

    /// <summary>Its directory in the hierarchy of version 2.</summary>
    internal DirectoryFd? Unified => directory;

    /// <summary>Its directories in hierarchies of version 1.</summary>
    internal IReadOnlyList<DirectoryFd> Legacy { get; } = [];

    /// <summary>Opens one by its directory in a hierarchy of version 2.</summary>
    /// <exception cref="KernelException">ENOENT: there is none.</exception>
    public static ControlGroup Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(Files.OpenDirectoryAt(null, path).OrThrow("open the cgroup", path));
    }

    /// <inheritdoc />
    public void Dispose() => directory.Dispose();
}
