namespace Tare.Oci;

/// <summary>A <c>seccomp</c> object in a file of its own, as engines take and <c>tare record --seccomp</c> writes it.</summary>
public static class SeccompDocument
{
    /// <summary>Reads it.</summary>
    /// <param name="utf8">The text; <see cref="DocumentSize.Check"/> its length before reading it from a file.</param>
    /// <param name="document">Its name, for errors.</param>
    /// <returns>The profile; null where it asks for no filter.</returns>
    /// <exception cref="OciFormatException">It is no profile that Tare can read.</exception>
    public static SeccompSpec? Read(ReadOnlySpan<byte> utf8, string document)
    {
        JsonCursor json = new(utf8, document);
        SeccompSpec? seccomp = SeccompReader.Read(ref json);
        json.End();
        return seccomp;
    }
}
