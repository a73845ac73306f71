namespace Tare.Oci;

/// <summary>A <c>process</c> object in a file of its own, as <c>exec --process FILE</c> takes it.</summary>
public static class ProcessDocument
{
    /// <summary>Reads it; what is not carried is in <see cref="ProcessSpec.Unsupported"/>.</summary>
    /// <param name="utf8">The text; <see cref="DocumentSize.Check"/> its length before reading it from a file.</param>
    /// <param name="document">Its name, for errors.</param>
    /// <exception cref="OciFormatException">It is no process object that Tare can read.</exception>
    public static ProcessSpec Read(ReadOnlySpan<byte> utf8, string document)
    {
        JsonCursor json = new(utf8, document);
        ProcessSpec process = ProcessReader.Read(ref json);
        json.End();
        return process with { Unsupported = json.Declined };
    }
}
