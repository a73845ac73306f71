using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Hooks;

/// <summary>
/// A hook's three streams: the container's state to read, from a file in memory, so that nobody waits for a hook that does not
/// read it, and two pipes of which the beginning is kept.
/// </summary>
internal sealed class HookStreams : IDisposable
{
    private const int Kept = 4096;
    private readonly FileFd input;
    private readonly Captured output;
    private readonly Captured errors;

    private HookStreams(FileFd input, Captured output, Captured errors)
    {
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    /// <summary>What the hook is handed: standard input, output and error.</summary>
    public ImmutableArray<FileDescriptor> Given => [input, output.Pipe.WriteEnd, errors.Pipe.WriteEnd];

    /// <summary>What the hook wrote, as an error about it ends.</summary>
    public string Words => $"stdout: {output.Text}, stderr: {errors.Text}";

    /// <summary>What it wrote to standard error.</summary>
    public string Errors => errors.Text;

    /// <summary>Makes them.</summary>
    /// <param name="state">What the hook reads.</param>
    public static HookStreams Open(ReadOnlySpan<byte> state)
    {
        using MemoryFd memory = MemFds.CreateSealed("state", state).OrThrow("make a hook's standard input");

        // Opened anew, for reading from the beginning.
        FileFd document = Files
            .OpenAt(
                null,
                string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{memory.Number}"),
                OpenFlags.O_RDONLY
            )
            .OrThrow("open a hook's standard input");
        Captured? first = null;
        try
        {
            first = Captured.Open();
            return new HookStreams(document, first, Captured.Open());
        }
        catch
        {
            first?.Pipe.Dispose();
            document.Dispose();
            throw;
        }
    }

    /// <summary>The hook has its ends by now.</summary>
    public void HandOver()
    {
        input.Dispose();
        output.Pipe.WriteEnd.Dispose();
        errors.Pipe.WriteEnd.Dispose();
    }

    /// <summary>Reads what the hook writes until it ends. What it has left behind may keep the pipes open.</summary>
    /// <returns>False if it has not ended in time.</returns>
    public bool Follow(PidFd process, TimeSpan? timeout)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            TimeSpan? rest = timeout - TimeProvider.System.GetElapsedTime(begin);
            if (rest < TimeSpan.Zero)
            {
                return false;
            }

            if (Take(process, rest))
            {
                while (output.HasMore || errors.HasMore)
                {
                    // What was written before the end is still in the pipes.
                }

                return true;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        input.Dispose();
        output.Pipe.Dispose();
        errors.Pipe.Dispose();
    }

    // Whether the process has ended.
    private bool Take(PidFd process, TimeSpan? timeout)
    {
        Span<PollDescriptor> waiting =
        [
            new() { Descriptor = process.Number, Events = PollEvents.POLLIN },
            output.Waiting,
            errors.Waiting,
        ];
        Poll.Wait(waiting, timeout).OrThrow("wait for a hook");
        if (waiting[1].Returned != 0)
        {
            output.Read();
        }

        if (waiting[2].Returned != 0)
        {
            errors.Read();
        }

        return waiting[0].Returned != 0;
    }

    private sealed class Captured(PipePair pipe)
    {
        private readonly byte[] begin = new byte[Kept];
        private int length;
        private bool hasEnded;

        public PipePair Pipe => pipe;

        public string Text => Encoding.UTF8.GetString(begin, 0, length).TrimEnd('\n');

        // A descriptor below 0 is passed over. poll(2).
        public PollDescriptor Waiting =>
            new() { Descriptor = hasEnded ? -1 : pipe.ReadEnd.Number, Events = PollEvents.POLLIN };

        public bool HasMore
        {
            get
            {
                bool more =
                    !hasEnded
                    && Poll.Wait(pipe.ReadEnd, PollEvents.POLLIN, TimeSpan.Zero) is { Ok: true, Value: not 0 };
                if (more)
                {
                    Read();
                }

                return more;
            }
        }

        public static Captured Open() => new(Pipes.Create().OrThrow("make a pipe for a hook"));

        public void Read()
        {
            Span<byte> buffer = stackalloc byte[Kept];
            SysResult<int> read = Files.Read(pipe.ReadEnd, buffer);
            hasEnded = !read.Ok || read.Value == 0;
            int kept = Math.Min(read.Value, Kept - length);
            buffer[..kept].CopyTo(begin.AsSpan(length));
            length += kept;
        }
    }
}
