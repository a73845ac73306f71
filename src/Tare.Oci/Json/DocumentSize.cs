namespace Tare.Oci;

/// <summary>How long a document may be. Asked before a file is read, so that a huge one costs nothing.</summary>
public static class DocumentSize
{
    /// <summary>16 MiB in bytes; real documents have some kilobytes, with a large seccomp profile some hundred.</summary>
    public const long Limit = 16 * 1024 * 1024;

    /// <summary>Refuses a document that is empty or longer than <see cref="Limit"/>.</summary>
    /// <param name="length">The document's length in bytes, as from fstat(2).</param>
    /// <param name="document">Its name, for the error.</param>
    /// <exception cref="OciFormatException">It is empty or too long.</exception>
    public static void Check(long length, string document)
    {
        if (length == 0)
        {
            throw new OciFormatException(document, "", "is empty (expected a JSON object)");
        }

        if (length > Limit)
        {
            throw new OciFormatException(
                document,
                "",
                $"is {length} bytes long, more than the limit of {Limit} (16 MiB)"
            );
        }
    }
}
