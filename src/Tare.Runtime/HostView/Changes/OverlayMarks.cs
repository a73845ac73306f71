using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// What the kernel writes into an upper layer to say what cannot be said by files alone. Documentation/filesystems/
/// overlayfs.rst: whiteouts, opaque directories, redirect_dir.
/// </summary>
internal static class OverlayMarks
{
    private static readonly string[] Prefixes = ["trusted.overlay.", "user.overlay."];

    /// <summary>Whether an extended attribute is one of these, not one of the program's.</summary>
    public static bool IsMark(BytePath name) =>
        name.Bytes.StartsWith("trusted.overlay."u8) || name.Bytes.StartsWith("user.overlay."u8);

    /// <summary>Nothing is there: a character device 0:0, or an empty file with a mark.</summary>
    /// <param name="found">The file, opened with O_PATH.</param>
    /// <param name="facts">What it is.</param>
    public static bool IsWhiteout(FileFd found, FileFacts facts)
    {
        if (facts.Type == FileModes.S_IFCHR)
        {
            return facts.Device == default;
        }

        if (!facts.IsRegular || facts.Size != 0)
        {
            return false;
        }

        SysResult<FileFd> opened = PartLayers.Read(found);
        if (!opened.Ok)
        {
            return false;
        }

        using FileFd file = opened.Value;
        return Value(file, "whiteout") is not null;
    }

    /// <summary>The directory hides what lies below it.</summary>
    public static bool IsOpaque(FileDescriptor directory) => Value(directory, "opaque") is [(byte)'y'];

    /// <summary>
    /// The directory shows what lies below another name: of the same directory, or an absolute path in the layer; null
    /// where it does not.
    /// </summary>
    public static BytePath? Redirect(FileDescriptor directory) =>
        Value(directory, "redirect") is { Length: > 0 } value && !value.AsSpan().Contains((byte)0)
            ? BytePath.FromBytes(value)
            : (BytePath?)null;

    private static byte[]? Value(FileDescriptor file, string name)
    {
        foreach (string prefix in Prefixes)
        {
            SysResult<byte[]> value = Files.GetAttribute(file, prefix + name);
            if (value.Ok)
            {
                return value.Value;
            }
        }

        return null;
    }
}
