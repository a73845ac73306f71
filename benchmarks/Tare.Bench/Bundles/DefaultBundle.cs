using Tare.Oci;

namespace Tare.Bench.Bundles;

/// <summary>What <c>runc spec</c> writes, without a terminal, with <c>true</c> as its program and busybox as its root.</summary>
internal sealed class DefaultBundle : IDisposable
{
    /// <summary>Which every runtime here knows; Tare's own default says a newer one, of which nothing is used.</summary>
    private const string Version = "1.0.2";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    public DefaultBundle(bool unifiedCgroups, long? memory = null, params string[] program)
    {
        Path = Directory.CreateTempSubdirectory("tare-bench-").FullName;
        File.SetUnixFileMode(Path, Executable);
        foreach (string folder in (string[])["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp", "var"])
        {
            Directory.CreateDirectory($"{Rootfs}/{folder}");
        }

        File.Copy("/usr/bin/busybox", $"{Rootfs}/bin/busybox");
        File.SetUnixFileMode($"{Rootfs}/bin/busybox", Executable);
        File.CreateSymbolicLink($"{Rootfs}/bin/true", "busybox");
        File.CreateSymbolicLink($"{Rootfs}/bin/sleep", "busybox");
        RuntimeSpec spec = DefaultSpec.Create(unifiedCgroups);
        Spec = spec with
        {
            OciVersion = Version,
            Process = spec.Process! with { Terminal = false, Args = program.Length == 0 ? ["true"] : program },
            Linux = spec.Linux! with
            {
                Resources = spec.Linux!.Resources! with
                {
                    Memory = memory is null ? null : new MemorySpec { Limit = memory },
                },
            },
        };
        File.WriteAllBytes($"{Path}/config.json", RuntimeSpecWriter.Write(Spec));
    }

    /// <summary>The directory with config.json.</summary>
    public string Path { get; }

    /// <summary>The container's root.</summary>
    public string Rootfs => $"{Path}/rootfs";

    /// <summary>What config.json says.</summary>
    public RuntimeSpec Spec { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
