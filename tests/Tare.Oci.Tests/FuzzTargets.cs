using System.Text;

namespace Tare.Oci.Tests;

/// <summary>
/// What any fuzzer can call with any bytes: each reads them as one kind of document and throws only if a promise is broken.
/// The promises: a document is read or refused by an OciFormatException of one line; memory is bounded by the length; what
/// was read is written so that it is read as the same.
/// </summary>
public static class FuzzTargets
{
    /// <summary>Bytes that a reader may allocate for each byte of the document, and beyond that.</summary>
    private const long PerByte = 64;

    private const long Beyond = 256 * 1024;

    public static void Config(ReadOnlySpan<byte> utf8)
    {
        if (Read(utf8, static text => RuntimeSpecReader.Read(text)) is { } spec)
        {
            byte[] written = RuntimeSpecWriter.Write(spec);
            AssertSame(written, RuntimeSpecWriter.Write(RuntimeSpecReader.Read(written)));
        }
    }

    public static void Process(ReadOnlySpan<byte> utf8)
    {
        if (Read(utf8, static text => ProcessDocument.Read(text, "config.json")) is { } process)
        {
            byte[] written = RuntimeSpecWriter.Write(process);
            AssertSame(written, RuntimeSpecWriter.Write(ProcessDocument.Read(written, "process.json")));
        }
    }

    public static void State(ReadOnlySpan<byte> utf8)
    {
        if (Read(utf8, static text => StateDocument.Read(text, "config.json")) is { } state)
        {
            byte[] written = state.Write();
            AssertSame(written, StateDocument.Read(written, "state.json").Write());
        }
    }

    private delegate T Reader<out T>(ReadOnlySpan<byte> utf8);

    private static T? Read<T>(ReadOnlySpan<byte> utf8, Reader<T> read)
        where T : class
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            T value = read(utf8);
            AssertBounded(before, utf8.Length);
            return value;
        }
        catch (OciFormatException e)
        {
            AssertBounded(before, utf8.Length);
            Documents.AssertOneLine(e);
            return null;
        }
    }

    private static void AssertBounded(long before, int length) =>
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (length * PerByte) + Beyond);

    private static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(actual));
}
