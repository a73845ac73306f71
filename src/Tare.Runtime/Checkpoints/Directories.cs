using Tare.Linux;
using Tare.Linux.Abi;

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

    /// <summary>Makes a directory and those above it, where they are missing. Whatever is in the way shows when it is opened.</summary>
    public static void Make(string? path)
    {
        for (int slash = path?.IndexOf('/', 1) ?? 0; slash > 0; slash = path!.IndexOf('/', slash + 1))
        {
            Files.MkdirAt(null, path![..slash], Mode);
        }

        if (path is not null)
        {
            Files.MkdirAt(null, path, Mode);
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
