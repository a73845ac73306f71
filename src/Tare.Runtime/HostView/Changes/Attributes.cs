using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>The extended attributes of a file that are its own, not the overlay's. xattr(7).</summary>
internal static class Attributes
{
    /// <summary>All of an open file; none where its file system has none.</summary>
    /// <param name="file">Opened for reading.</param>
    public static SortedDictionary<string, byte[]> Of(FileDescriptor file)
    {
        SortedDictionary<string, byte[]> all = new(StringComparer.Ordinal);
        SysResult<List<BytePath>> names = Files.ListAttributes(file);
        foreach (BytePath name in names.Ok ? names.Value : [])
        {
            SysResult<byte[]> value = OverlayMarks.IsMark(name)
                ? new([], Errno.ENODATA)
                : Files.GetAttribute(file, name);
            if (value.Ok)
            {
                all[name.ToString()] = value.Value;
            }
        }

        return all;
    }

    /// <summary>Whether both are the same.</summary>
    public static bool Equal(SortedDictionary<string, byte[]> left, SortedDictionary<string, byte[]> right) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out byte[]? value) && pair.Value.AsSpan().SequenceEqual(value));

    /// <summary>Gives an open file these and takes all others away.</summary>
    /// <exception cref="KernelException">One that a program may set cannot be.</exception>
    public static void Set(FileDescriptor file, SortedDictionary<string, byte[]> wanted, string path)
    {
        SortedDictionary<string, byte[]> present = Of(file);
        foreach (string name in present.Keys.Where(name => !wanted.ContainsKey(name)))
        {
            Tolerate(Files.RemoveAttribute(file, name), name, path);
        }

        foreach ((string name, byte[] value) in wanted)
        {
            if (!present.TryGetValue(name, out byte[]? old) || !old.AsSpan().SequenceEqual(value))
            {
                Tolerate(Files.SetAttribute(file, name, value), name, path);
            }
        }
    }

    // Labels and the machine's own attributes are for those to set who may.
    private static void Tolerate(SysResult result, string name, string path)
    {
        bool isPrograms = name.StartsWith("user.", StringComparison.Ordinal) || name == "security.capability";
        if (!result.Ok && (isPrograms || result.Errno is not (Errno.EPERM or Errno.EACCES or Errno.EOPNOTSUPP)))
        {
            result.OrThrow($"set the attribute {name} of", path);
        }
    }
}
