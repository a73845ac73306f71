using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What file systems keep: quotas, and files that never change again.</summary>
internal static class Storing
{
    private const uint Project = 77;

    /// <summary>A user may have no more than so much of a file system.</summary>
    public static int Quota(string directory, uint user)
    {
        using DirectoryFd folder = Files.OpenDirectoryAt(null, directory).OrThrow("open", directory);
        Quotas.Limit(folder, QuotaKind.USRQUOTA, user, 100_000, files: 2).OrThrow("limit", directory);
        CapabilityState state = Capabilities.Get().OrThrow("capget");
        Capabilities
            .Set(state with { Effective = state.Effective.Without(Capability.CAP_SYS_RESOURCE) })
            .OrThrow("capset");
        Credentials.SetFileSystemUid(user);
        using FileFd file = Files
            .OpenAt(folder, "file", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR)
            .OrThrow("make a file");
        Console.WriteLine($"bytes={Files.WriteAll(file, new byte[1 << 20]).Errno}");
        Files.OpenAt(folder, "other", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR).Value?.Dispose();
        Errno third = Files.OpenAt(folder, "third", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR).Errno;
        Console.WriteLine($"files={third}");
        Credentials.SetFileSystemUid(0);
        Capabilities.Set(state).OrThrow("capset");
        QuotaUse use = Quotas.Read(folder, QuotaKind.USRQUOTA, user).OrThrow("read", directory);
        Console.WriteLine($"use={use.Bytes <= use.MaximumBytes},{use.MaximumBytes},{use.Files},{use.MaximumFiles}");
        return 0;
    }

    /// <summary>A directory that a sandbox is lent holds no more than it may.</summary>
    public static async Task<int> ProjectAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        DirectoryQuota.Limit(directory, Project, bytes: 200_000, files: 3);
        QuotaUse empty = DirectoryQuota.Read(directory);
        Console.WriteLine($"empty={empty.MaximumBytes},{empty.Files},{empty.MaximumFiles}");
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            [
                "-c",
                $"cd {directory}; dd if=/dev/zero of=large bs=64k count=16 2>&1 | grep -o 'Disk quota.*'; echo more >other; echo more >third",
            ],
            new() { ReadWrite = [directory] }
        );
        Console.WriteLine($"output={result.StandardOutput.Trim()}");
        Console.WriteLine($"error={result.StandardError.Contains("Disk quota exceeded", StringComparison.Ordinal)}");
        QuotaUse use = DirectoryQuota.Read(directory);
        Console.WriteLine($"use={use.Bytes is > 100_000 and <= 200_704},{use.Files}");
        string program = Environment.ProcessPath!;
        SandboxResult leaving = await Sandbox.RunAsync(
            program,
            ["leave", directory],
            new()
            {
                ReadOnly = [program],
                ReadWrite = [directory],
                AllowWeaker = true,
            }
        );
        Console.Write(leaving.StandardOutput + leaving.StandardError);
        return 0;
    }

    /// <summary>An owner takes a directory out of the project that its quota is of.</summary>
    public static int Leave(string directory)
    {
        using DirectoryFd folder = Files.OpenDirectoryAt(null, directory).OrThrow("open", directory);
        Console.WriteLine($"leave={Quotas.SetProject(folder, 0).Errno}");
        return 0;
    }

    /// <summary>A file that is sealed has a digest, and cannot be written to any more.</summary>
    public static int Seal(string path)
    {
        File.WriteAllText(path, "content");
        using FileFd file = Files.OpenAt(null, path, OpenFlags.O_RDONLY).OrThrow("open", path);
        Console.WriteLine($"before={Verity.Measure(file).Errno}");
        Verity.Enable(file).OrThrow("seal", path);
        (VerityAlgorithm algorithm, byte[] digest) = Verity.Measure(file).OrThrow("measure", path);
        Console.WriteLine($"digest={algorithm},{Convert.ToHexStringLower(digest)}");
        Console.WriteLine($"write={Files.OpenAt(null, path, OpenFlags.O_WRONLY).Errno}");
        Console.WriteLine($"again={Verity.Enable(file).Errno}");
        Console.WriteLine($"content={File.ReadAllText(path)}");
        return 0;
    }
}
