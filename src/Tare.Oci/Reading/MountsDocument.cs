namespace Tare.Oci;

/// <summary>An array of mounts in a file of its own, as <c>mounts add</c> and <c>mounts remove</c> take it.</summary>
public static class MountsDocument
{
    /// <summary>Reads it.</summary>
    /// <param name="utf8">The text; <see cref="DocumentSize.Check"/> its length before reading it from a file.</param>
    /// <param name="document">Its name, for errors.</param>
    /// <exception cref="OciFormatException">It is no array of mounts that Tare can read.</exception>
    public static IReadOnlyList<MountSpec> Read(ReadOnlySpan<byte> utf8, string document)
    {
        JsonCursor json = new(utf8, document);
        IReadOnlyList<MountSpec> mounts = json.ReadList(RuntimeSpecReader.ReadMount);
        json.End();
        return mounts;
    }
}
