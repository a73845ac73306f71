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
    internal static Task<CapturedStream> ReadAsync(
        DescriptorStream stream,
        int limit,
        Action? exceeded,
        CancellationToken cancellation
    )
    {
        // What follows the end may be the caller's code, which is nothing for the thread that waits for all.
        TaskCompletionSource<CapturedStream> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ReadAsync(stream, limit, exceeded, read, cancellation);
        return read.Task;
    }

    private static async Task ReadAsync(
        DescriptorStream stream,
        int limit,
        Action? exceeded,
        TaskCompletionSource<CapturedStream> result,
        CancellationToken cancellation
    )
    {
        const int First = 4096;
        const int Rest = 65536;
        byte[] kept = new byte[Math.Min(limit, First)];
        byte[]? lost = null;
        int count = 0;
        long length = 0;

        // Most outputs are short, and waking a thread of the pool takes longer than to read them. More than that is read by one.
        bool here = true;
        try
        {
            while (true)
            {
                if (count == kept.Length && count < limit)
                {
                    Array.Resize(ref kept, (int)Math.Min(limit, kept.Length * 2L));
                }

                Memory<byte> room = count < limit ? kept.AsMemory(count) : lost ??= new byte[Rest];
                int read = await stream.ReadAsync(room, here, cancellation).ConfigureAwait(false);
                if (read == 0)
                {
                    result.SetResult(new(kept.AsMemory(0, count), length, true));
                    return;
                }

                bool exceeds = length <= limit && length + read > limit;
                count += count < limit ? read : 0;
                length += read;
                if (here && (exceeds || length >= Rest))
                {
                    here = false;
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                if (exceeds)
                {
                    exceeded?.Invoke();
                }
            }
        }
        catch (OperationCanceledException)
        {
            result.SetResult(new(kept.AsMemory(0, count), length, false));
        }
        catch (Exception failure)
        {
            result.SetException(failure);
        }
    }
}
