using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Checkpoints;

/// <summary>The directories of a dump or a restore. CRIU opens them by what this process has open, in /proc.</summary>
/// <param name="Images">That of the images.</param>
/// <param name="Work">That of the log; null where it is that of the images.</param>
internal sealed record Directories(DirectoryFd Images, DirectoryFd? Work) : IDisposable
{
    private const FileModes Mode = (FileModes)0x1c0; // rwx------

    /// <summary>Opens the directories that settings name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="root">The directory whose mount namespace they are opened in; empty is this process's own.</param>
    /// <exception cref="KernelException">One cannot be had.</exception>
    public static Directories Open(CriuSettings settings, string root = "")
    {
        DirectoryFd images = Files
            .OpenDirectoryAt(null, root + settings.ImagePath)
            .OrThrow("open the directory of the images", settings.ImagePath, "name another by --image-path");
        try
        {
            return new Directories(images, settings.WorkPath is { } work ? OpenWork(work, root) : null);
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>Makes a directory and those above it, where they are missing; nothing for null.</summary>
    public static void Make(string? path)
    {
        if (path is not null)
        {
            Files.MakeDirectories(path, Mode);
        }
    }

    /// <summary>
    /// Lets the root of a user namespace look for the images by name: CRIU reads some of them as that, and the directory is
    /// closed to all others. Nothing that others could not reach before can be reached by them now.
    /// </summary>
    /// <exception cref="KernelException">The directory cannot be changed.</exception>
    public static void OpenToRootOf(ValidatedSpec spec, string path)
    {
        const FileModes Search = (FileModes)0x1; // --------x
        const FileModes SearchByGroup = (FileModes)0x8; // -----x---
        IdMapping? root = spec.GidMappings.FirstOrDefault(map => map.ContainerId == 0);
        if (root is null)
        {
            return;
        }

        using FileFd directory = Files
            .OpenAt(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)
            .OrThrow("open", path);
        FileModes mode = Files.StatX(directory).OrThrow("stat", path).Mode;
        if ((mode & Search) == 0)
        {
            Files.FChown(directory, uint.MaxValue, root.HostId).OrThrow("give to the container's group", path);
            Files.FChmod(directory, (mode & ~FileModes.S_IFMT) | SearchByGroup).OrThrow("open to the group", path);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Images.Dispose();
        Work?.Dispose();
    }

    private static DirectoryFd OpenWork(string path, string root) =>
        Files
            .OpenDirectoryAt(null, root + path)
            .OrThrow("open the directory of the log", path, "name another by --work-path");
}
