using Tare.Linux;

namespace Tare.Runtime.HostView.Changes;

/// <summary>Paths as bytes: put together and taken apart.</summary>
internal static class PathBytes
{
    /// <summary>The path of a name in a directory, whose own path is empty at the top.</summary>
    public static BytePath Child(BytePath directory, BytePath name) =>
        directory.IsEmpty ? name : BytePath.FromBytes([.. directory.Bytes, (byte)'/', .. name.Bytes]);

    /// <summary>The directory that a path lies in, empty at the top, and its last name.</summary>
    public static (BytePath Directory, BytePath Name) Split(BytePath path)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        return slash < 0
            ? (BytePath.Empty, path)
            : (BytePath.FromBytes(path.Bytes[..slash]), BytePath.FromBytes(path.Bytes[(slash + 1)..]));
    }
}
