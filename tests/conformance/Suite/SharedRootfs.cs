using Tare.Fixtures;

namespace Tare.Conformance.Suite;

/// <summary>A busybox root file system for all checks that leave it as it is.</summary>
public static class SharedRootfs
{
    private static readonly Lazy<TemporaryDirectory> Folder = new(() => new TemporaryDirectory());
    private static readonly Lazy<string> Made = new(() =>
    {
        string path = BusyboxRootfs.Create(Folder.Value.At("rootfs"));
        Directory.CreateDirectory(System.IO.Path.Combine(path, "mnt"));
        return path;
    });

    /// <summary>Its path.</summary>
    internal static string Path => Made.Value;

    /// <summary>Removes it: when no check runs any more.</summary>
    public static void Remove()
    {
        if (Folder.IsValueCreated)
        {
            Folder.Value.Dispose();
        }
    }
}
