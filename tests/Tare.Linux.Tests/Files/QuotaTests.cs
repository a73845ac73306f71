using System.Runtime.CompilerServices;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class QuotaTests
{
    private const uint Project = 77;

    [Fact]
    public void A_directory_holds_no_more_than_its_project_may() =>
        LoopMount.Run(
            ["-O", "quota,project", "-E", "quotatype=prjquota"],
            "prjquota",
            point =>
            {
                string limited = Path.Combine(point, "limited");
                Directory.CreateDirectory(limited);
                using DirectoryFd directory = Files.OpenDirectoryAt(null, limited).OrThrow("open");
                Quotas.Limit(directory, QuotaKind.PRJQUOTA, Project, 100_000, files: 3).OrThrow("limit");
                Quotas.SetProject(directory, Project).OrThrow("set the project");
                Assert.Equal(Project, Quotas.GetProject(directory).OrThrow("get the project"));

                CapabilityState state = Capabilities.Get().OrThrow("capget");
                Capabilities
                    .Set(state with { Effective = state.Effective.Without(Capability.CAP_SYS_RESOURCE) })
                    .OrThrow("capset");
                using FileFd file = Files
                    .OpenAt(directory, "file", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR)
                    .OrThrow("make a file");
                Assert.Equal(Errno.EDQUOT, Files.WriteAll(file, new byte[1 << 20]).Errno);

                Capabilities.Set(state).OrThrow("capset");
                QuotaUse use = Quotas.Read(directory, QuotaKind.PRJQUOTA, Project).OrThrow("read");
                Assert.Equal((100_352L, 2L, 3L), (use.MaximumBytes, use.Files, use.MaximumFiles));
                Assert.InRange(use.Bytes, 1, 100_352);
            }
        );

    [Fact]
    public void A_sealed_file_has_a_digest_and_cannot_be_written() =>
        LoopMount.Run(
            ["-O", "verity"],
            "rw",
            point =>
            {
                string path = Path.Combine(point, "file");
                File.WriteAllText(path, "content");
                using FileFd file = Files.OpenAt(null, path, OpenFlags.O_RDONLY).OrThrow("open");
                SysResult sealing = Verity.Enable(file);
                Assert.SkipWhen(sealing.Errno is Errno.EOPNOTSUPP or Errno.ENOTTY, "needs CONFIG_FS_VERITY");
                sealing.OrThrow("seal");

                (VerityAlgorithm algorithm, byte[] digest) = Verity.Measure(file).OrThrow("measure");
                Assert.Equal((VerityAlgorithm.FS_VERITY_HASH_ALG_SHA256, 32), (algorithm, digest.Length));
                Assert.Equal(Errno.EPERM, Files.OpenAt(null, path, OpenFlags.O_WRONLY).Errno);
                Assert.Equal(Errno.EEXIST, Verity.Enable(file).Errno);
            }
        );

    [Fact]
    public void A_file_system_without_them_says_so()
    {
        using MemoryFd file = MemFds.CreateSealed("file", "x"u8).OrThrow("make a memfd");
        using FileFd proc = Files.OpenAt(null, "/proc/version", OpenFlags.O_RDONLY).OrThrow("open");

        Assert.True(
            Quotas.Read(proc, QuotaKind.PRJQUOTA, Project).Errno is Errno.ESRCH or Errno.ENOSYS or Errno.ENODEV
        );
        Assert.True(Quotas.GetProject(proc).Errno is Errno.ENOTTY or Errno.EOPNOTSUPP);
        Assert.True(Verity.Measure(proc).Errno is Errno.ENOTTY or Errno.EOPNOTSUPP);
    }

    [Fact]
    public void Structs_are_as_large_as_the_kernels()
    {
        Assert.Equal(72, Unsafe.SizeOf<QuotaValues>());
        Assert.Equal(28, Unsafe.SizeOf<FileSystemAttributes>());
        Assert.Equal(128, Unsafe.SizeOf<VerityEnabling>());
        Assert.Equal(68, Unsafe.SizeOf<VerityDigest>());
        Assert.Equal(24, Unsafe.SizeOf<FutexWaiter>());
        Assert.Equal(64, Unsafe.SizeOf<SignalNotice>());
        Assert.Equal(104, Unsafe.SizeOf<MemoryMap>());
        Assert.Equal(6, Unsafe.SizeOf<SemaphoreChange>());
    }
}
