using Tare.Fixtures;
using Tare.OciCli.Tests;

[assembly: AssemblyFixture(typeof(SharedRootfs))]

namespace Tare.OciCli.Tests;

/// <summary>A busybox root file system for all tests that leave it as it is; read-only in their containers.</summary>
public sealed class SharedRootfs : IDisposable
{
    private static readonly Lazy<TemporaryDirectory> Folder = new(() => new TemporaryDirectory());
    private static readonly Lazy<string> Made = new(() => BusyboxRootfs.Create(Folder.Value.At("rootfs")));

    /// <summary>Its path.</summary>
    public static string Path => Made.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Folder.IsValueCreated)
        {
            Folder.Value.Dispose();
        }
    }
}
