using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// How much a directory may hold, whoever writes to it: what a sandbox is lent to write to does not fill the disk. The directory is
/// given a project of its own on a file system that counts projects (ext4 with <c>-O quota,project</c>, XFS; mounted with
/// prjquota). Who has CAP_SYS_RESOURCE in the machine's first user namespace is not held. quotactl(2), Linux 5.14, CAP_SYS_ADMIN.
/// </summary>
public static class DirectoryQuota
{
    private const string Remedy =
        "the file system must count projects: ext4 with -O quota,project or XFS, mounted with prjquota";

    /// <summary>Limits an empty directory, and what is made below it from now on. The limit stays when this process ends.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="projectId">A number that no other directory of the file system has, above zero.</param>
    /// <param name="bytes">The most bytes, rounded up to KiB; null is no limit.</param>
    /// <param name="files">The most files and directories, itself included; null is no limit.</param>
    /// <exception cref="ArgumentException">The directory is not empty, or a number is not above zero.</exception>
    /// <exception cref="KernelException">EOPNOTSUPP, ENOTTY, ESRCH: the file system does not count projects. EPERM.</exception>
    public static void Limit(string directory, uint projectId, long? bytes = null, long? files = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(projectId);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes ?? 1, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(files ?? 1, nameof(files));
        using DirectoryFd opened = Open(directory);
        if (DirectoryEntries.Read(opened).OrThrow("read", directory).Count > 0)
        {
            throw new ArgumentException(
                $"'{directory}' is not empty: what is in it would not be counted",
                nameof(directory)
            );
        }

        // The limit first: a directory that belongs to a project without one is not limited.
        Quotas
            .Limit(opened, QuotaKind.PRJQUOTA, projectId, bytes ?? 0, files ?? 0)
            .OrThrow("limit what a directory may hold", directory, Remedy);
        Quotas.SetProject(opened, projectId).OrThrow("give a project to directory", directory, Remedy);
    }

    /// <summary>What a limited directory holds, and may.</summary>
    /// <exception cref="KernelException">ENODATA: it belongs to no project. ESRCH: the file system does not count projects.</exception>
    public static QuotaUse Read(string directory)
    {
        using DirectoryFd opened = Open(directory);
        uint project = Quotas.GetProject(opened).OrThrow("ask for the project of directory", directory, Remedy);
        return project == 0
            ? throw new KernelException(
                Errno.ENODATA,
                "read the quota of directory",
                directory,
                "it belongs to no project"
            )
            : Quotas
                .Read(opened, QuotaKind.PRJQUOTA, project)
                .OrThrow("read the quota of directory", directory, Remedy);
    }

    private static DirectoryFd Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Files.OpenDirectoryAt(null, directory).OrThrow("open directory", directory);
    }
}
