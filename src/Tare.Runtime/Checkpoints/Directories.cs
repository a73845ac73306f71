using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Checkpoints;

/// <summary>The directories of a dump or a restore, opened for CRIU.</summary>
/// <param name="Images">That of the images.</param>
/// <param name="Work">That of the log; null where it is that of the images.</param>
internal sealed record Directories(DirectoryFd Images, DirectoryFd? Work) : IDisposable
{
    private const FileModes Mode = (FileModes)0x1c0; // rwx------

    /// <summary>All of them.</summary>
    public IEnumerable<FileDescriptor> Descriptors => Work is null ? [Images] : [Images, Work];

    /// <summary>Opens the directories that settings name, making those that are missing.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="makesImages">That of the images may be missing.</param>
    /// <exception cref="KernelException">One cannot be had.</exception>
    public static Directories Open(CriuSettings settings, bool makesImages)
    {
        if (makesImages)
        {
            Make(settings.ImagePath);
        }

        DirectoryFd images = Files
            .OpenDirectoryAt(null, settings.ImagePath)
            .OrThrow("open the directory of the images", settings.ImagePath, "name another by --image-path");
        try
        {
            return new Directories(images, settings.WorkPath is { } work ? OpenWork(work) : null);
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Images.Dispose();
        Work?.Dispose();
    }

    private static DirectoryFd OpenWork(string path)
    {
        Make(path);
        return Files
            .OpenDirectoryAt(null, path)
            .OrThrow("open the directory of the log", path, "name another by --work-path");
    }

    // Whatever else is in the way shows when it is opened.
    private static void Make(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            Files.MkdirAt(null, path[..slash], Mode);
        }

        Files.MkdirAt(null, path, Mode);
    }
}
