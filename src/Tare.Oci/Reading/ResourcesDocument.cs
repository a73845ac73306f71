namespace Tare.Oci;

/// <summary>A <c>resources</c> object in a file of its own, as <c>update --resources FILE</c> takes it.</summary>
public static class ResourcesDocument
{
    /// <summary>Reads it.</summary>
    /// <param name="utf8">The text; <see cref="DocumentSize.Check"/> its length before reading it from a file.</param>
    /// <param name="document">Its name, for errors.</param>
    /// <returns>What is carried, and the paths of what is asked for and is not; see <see cref="RuntimeSpec.Unsupported"/>.</returns>
    /// <exception cref="OciFormatException">It is no resources object that Tare can read.</exception>
    public static (ResourcesSpec Resources, IReadOnlyList<string> Unsupported) Read(
        ReadOnlySpan<byte> utf8,
        string document
    )
    {
        JsonCursor json = new(utf8, document);
        ResourcesSpec resources = ResourcesReader.Read(ref json);
        json.End();
        return (resources, json.Declined);
    }
}
