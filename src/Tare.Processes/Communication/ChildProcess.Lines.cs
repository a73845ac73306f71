using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Tare.Processes;

public sealed partial class ChildProcess
{
    // Lines that wait for their reader; then the pipes fill up, and the process waits.
    private const int WaitingLines = 256;

    /// <summary>
    /// The lines of both outputs, as they are written, as UTF-8; a process that writes faster than they are taken waits. It
    /// ends when both pipes are at their ends, which others than the process can put off.
    /// </summary>
    /// <param name="maximumLength">The longest line, in bytes; a longer one comes in pieces of whole characters.</param>
    /// <param name="cancellationToken">Ends it; the process goes on, and has nobody who reads.</param>
    public async IAsyncEnumerable<ProcessOutputLine> ReadAllLinesAsync(
        int maximumLength = 1 << 20,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<ProcessOutputLine> lines = Channel.CreateBounded<ProcessOutputLine>(WaitingLines);
        Task reading = Task.WhenAll(
            ReadLinesAsync(StandardOutput ?? Terminal?.Stream, false, maximumLength, lines.Writer, over.Token),
            ReadLinesAsync(StandardError, true, maximumLength, lines.Writer, over.Token)
        );
        Task completing = reading.ContinueWith(
            task => lines.Writer.TryComplete(task.Exception?.InnerException),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        try
        {
            await foreach (ProcessOutputLine line in lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return line;
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await completing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ReadLinesAsync(
        Stream? stream,
        bool isError,
        int maximumLength,
        ChannelWriter<ProcessOutputLine> lines,
        CancellationToken cancellation
    )
    {
        if (stream is null)
        {
            return;
        }

        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = read.Buffer;
                while (TakeLine(ref rest, maximumLength, read.IsCompleted) is { } line)
                {
                    await lines.WriteAsync(new(line, isError), cancellation).ConfigureAwait(false);
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static string? TakeLine(ref ReadOnlySequence<byte> rest, int maximumLength, bool isEnd)
    {
        ReadOnlySequence<byte> looked = rest.Length > maximumLength + 1L ? rest.Slice(0, maximumLength + 1L) : rest;
        if (looked.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return Text(line);
        }

        if (rest.IsEmpty || (rest.Length <= maximumLength && !isEnd))
        {
            return null;
        }

        if (rest.Length <= maximumLength)
        {
            ReadOnlySequence<byte> last = rest;
            rest = rest.Slice(rest.End);
            return Text(last);
        }

        ReadOnlySequence<byte> piece = rest.Slice(0, maximumLength);
        int begun = BytesOfBegunCharacter(piece);
        if (begun < maximumLength)
        {
            piece = piece.Slice(0, maximumLength - begun);
        }

        rest = rest.Slice(piece.End);
        return Encoding.UTF8.GetString(piece);
    }

    // Of a character whose end is not there: it belongs to the next piece.
    private static int BytesOfBegunCharacter(ReadOnlySequence<byte> piece)
    {
        Span<byte> last = stackalloc byte[(int)Math.Min(piece.Length, Utf8End.MostBegun)];
        piece.Slice(piece.Length - last.Length).CopyTo(last);
        return Utf8End.BytesOfBegunCharacter(last);
    }

    private static string Text(ReadOnlySequence<byte> line)
    {
        string text = Encoding.UTF8.GetString(line);
        return text.EndsWith('\r') ? text[..^1] : text;
    }
}
