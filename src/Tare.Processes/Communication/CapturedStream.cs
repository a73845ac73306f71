using System.Text;

namespace Tare.Processes;

/// <summary>What a process wrote to one of its streams.</summary>
/// <param name="Bytes">The first of it, up to the limit.</param>
/// <param name="Length">How much it was altogether, in bytes.</param>
/// <param name="Ended">
/// It was read to its end; false where somebody still had the pipe open when the time for that was over, and could write more.
/// </param>
public sealed record CapturedStream(ReadOnlyMemory<byte> Bytes, long Length, bool Ended)
{
    /// <summary>Nothing, of a stream that was not captured.</summary>
    public static CapturedStream Empty { get; } = new(default, 0, true);

    /// <summary>There was more than was kept.</summary>
    public bool Truncated => Length > Bytes.Length;

    /// <summary>What was kept, as UTF-8; what is none is replaced.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Reads a stream to its end, or until it is cancelled.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many bytes are kept.</param>
    /// <param name="exceeded">Called once, when there is more.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<CapturedStream> ReadAsync(
        Stream stream,
        int limit,
        Action? exceeded,
        CancellationToken cancellation
    )
    {
        const int First = 4096;
        const int Rest = 65536;
        byte[] kept = new byte[Math.Min(limit, First)];
        byte[]? lost = null;
        int count = 0;
        long length = 0;
        try
        {
            while (true)
            {
                if (count == kept.Length && count < limit)
                {
                    Array.Resize(ref kept, (int)Math.Min(limit, kept.Length * 2L));
                }

                Memory<byte> room = count < limit ? kept.AsMemory(count) : lost ??= new byte[Rest];
                int read = await stream.ReadAsync(room, cancellation).ConfigureAwait(false);
                if (read == 0)
                {
                    return new(kept.AsMemory(0, count), length, true);
                }

                if (length <= limit && length + read > limit)
                {
                    exceeded?.Invoke();
                }

                count += count < limit ? read : 0;
                length += read;
            }
        }
        catch (OperationCanceledException)
        {
            return new(kept.AsMemory(0, count), length, false);
        }
    }
}
