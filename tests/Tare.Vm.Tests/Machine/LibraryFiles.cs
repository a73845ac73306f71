using System.IO.Compression;
using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>The libraries' probe, the modules of the kernel that their features need, and a disk with a file system.</summary>
internal static class LibraryFiles
{
    private const int DiskSize = 16 << 20;

    // The order does not matter: Guest/init knows it.
    private static readonly string[] Modules =
    [
        "loop",
        "quota_tree",
        "quota_v2",
        "vsock",
        "vmw_vsock_virtio_transport_common",
        "vsock_loopback",
        "binfmt_misc",
    ];

    private static readonly Lazy<byte[]?> Disk = new(MakeDisk);

    /// <summary>Adds them to what a machine begins with.</summary>
    /// <param name="files">The archive.</param>
    /// <param name="kernel">The kernel.</param>
    public static void Add(CpioArchive files, Kernel kernel)
    {
        AddProbe(files, kernel);
        foreach (string module in Modules)
        {
            files.File($"lib/{module}.ko", File.ReadAllBytes(Path.Combine(kernel.Modules, $"{module}.ko")));
        }

        if (Disk.Value is { } disk)
        {
            files.File("lib/disk.gz", disk);
        }
    }

    /// <summary>Adds the probe alone.</summary>
    /// <param name="files">The archive.</param>
    /// <param name="kernel">The kernel.</param>
    public static void AddProbe(CpioArchive files, Kernel kernel) =>
        files.Program("programs/probe", File.ReadAllBytes(kernel.Probe));

    // ext4 that counts what users and projects have and can seal files; null where there is nothing that makes one.
    private static byte[]? MakeDisk()
    {
        if (Tool.Find("mkfs.ext4") is null)
        {
            return null;
        }

        using TemporaryDirectory folder = new();
        using (FileStream file = File.Create(folder.At("disk")))
        {
            file.SetLength(DiskSize);
        }

        Tool.Run(
                "mkfs.ext4",
                [
                    "-q",
                    "-b",
                    "4096",
                    "-O",
                    "quota,project,verity",
                    "-E",
                    "quotatype=usrquota:prjquota",
                    folder.At("disk"),
                ]
            )
            .ShouldSucceed();
        using MemoryStream packed = new();
        using (GZipStream pack = new(packed, CompressionLevel.Optimal))
        {
            pack.Write(File.ReadAllBytes(folder.At("disk")));
        }

        return packed.ToArray();
    }
}
