namespace Tare.Processes;

/// <summary>Reads a stream to its end, keeps so many bytes and counts the rest.</summary>
internal sealed class OutputCapture(Stream stream, int limit, Action exceeded)
{
    private readonly MemoryStream kept = new();

    /// <summary>What was kept.</summary>
    public ReadOnlyMemory<byte> Kept => kept.GetBuffer().AsMemory(0, (int)kept.Length);

    /// <summary>Bytes that were read and not kept.</summary>
    public long Dropped { get; private set; }

    /// <summary>Reads until the end, or until it is cancelled.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            int room = (int)Math.Min(read, limit - kept.Length);
            kept.Write(buffer, 0, room);
            if (room < read)
            {
                bool first = Dropped == 0;
                Dropped += read - room;
                if (first)
                {
                    exceeded();
                }
            }
        }
    }
}
