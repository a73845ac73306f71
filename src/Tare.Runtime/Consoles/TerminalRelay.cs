using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Consoles;

/// <summary>Carries everything between the terminal inside the sandbox and what this process has outside. Owns both.</summary>
public sealed class TerminalRelay : IDisposable
{
    private const byte EndOfFile = 4;
    private readonly FileFd inside;
    private readonly OuterTerminal? outside;
    private readonly FileFd input;
    private readonly FileFd output;
    private readonly Relay up;
    private readonly Relay down;
    private readonly PtyFd? slave;
    private bool inputEnded;
    private bool hungUp;

    /// <summary>Begins with nothing carried.</summary>
    /// <param name="inside">The master of the terminal inside.</param>
    /// <param name="outside">The terminal outside; null where there is none.</param>
    /// <param name="input">Where what is typed comes from without a terminal. Not owned.</param>
    /// <param name="output">Where what is shown goes without a terminal. Not owned.</param>
    public TerminalRelay(FileFd inside, OuterTerminal? outside, FileFd input, FileFd output)
    {
        this.inside = inside;
        this.outside = outside;
        this.input = outside?.Input ?? input;
        this.output = outside?.Output ?? output;
        DescriptorTable.SetNonBlocking(inside, true);

        // Held so that the master does not hang up while the program has closed its side and may open it again.
        slave = Ptys.OpenSlave(inside).Value;
        up = new Relay(this.input, inside);
        down = new Relay(inside, this.output);
        Resize();
    }

    /// <summary>The process group that the program's terminal has in its foreground; 0 where none is known.</summary>
    public int ForegroundGroup =>
        !hungUp && Terminals.GetForeground(inside) is { Ok: true, Value: var group } ? group : 0;

    /// <summary>Looks again whether keys are meant for this process.</summary>
    public void Follow() => outside?.Follow();

    /// <summary>Gives the terminal outside its settings back.</summary>
    public void Restore() => outside?.Restore();

    /// <summary>The terminal inside gets the size of the one outside.</summary>
    public void Resize()
    {
        if (!hungUp && outside?.Size is { Ok: true } size)
        {
            Terminals.SetSize(inside, size.Value);
        }
    }

    /// <summary>Keys may be waiting that become this process's when it comes to the foreground, of which nobody tells.</summary>
    public bool IsInBackground => outside is { IsRaw: false };

    /// <summary>Says what to wait for: three entries.</summary>
    public void Prepare(Span<PollDescriptor> poll)
    {
        poll.Fill(new PollDescriptor { Descriptor = -1 });
        if (hungUp)
        {
            return;
        }

        // A hang-up of the terminal outside is told whether it is waited for or not, and not to be missed.
        poll[0] = outside is null
            ? Entry(input, up.WantsInput ? PollEvents.POLLIN : PollEvents.None)
            : new PollDescriptor
            {
                Descriptor = input.Number,
                Events = up.WantsInput && outside.IsRaw ? PollEvents.POLLIN : PollEvents.None,
            };
        poll[1] = Entry(
            inside,
            (down.WantsInput ? PollEvents.POLLIN : PollEvents.None) | (up.IsFull ? PollEvents.POLLOUT : PollEvents.None)
        );
        poll[2] = Entry(output, down.IsFull ? PollEvents.POLLOUT : PollEvents.None);
    }

    /// <summary>Carries on where there is something to do.</summary>
    public void Carry(ReadOnlySpan<PollDescriptor> poll)
    {
        if (hungUp)
        {
            return;
        }

        bool wasHungUp = outside is not null && (poll[0].Returned & (PollEvents.POLLHUP | PollEvents.POLLERR)) != 0;
        if (poll[0].Returned != 0 && up.WantsInput && !wasHungUp)
        {
            up.Read();
        }

        if (poll[1].Returned != 0 && down.WantsInput)
        {
            down.Read();
        }

        if (up.IsFull)
        {
            up.Write();
        }

        if (down.IsFull)
        {
            down.Write();
        }

        if ((up.IsAtEnd || wasHungUp) && !inputEnded)
        {
            EndInput();
        }
    }

    /// <summary>
    /// Carries what the program wrote last; to be called when all that could write is gone. A signal that asks to end is
    /// obeyed, because the reader outside may never read again.
    /// </summary>
    public void Finish(SignalPipe signals)
    {
        slave?.Dispose();
        Span<PollDescriptor> poll = stackalloc PollDescriptor[2];
        while (!down.IsBroken && !hungUp)
        {
            if (!down.IsFull)
            {
                down.Read();
                if (!down.IsFull)
                {
                    return;
                }
            }

            poll[0] = Entry(output, PollEvents.POLLOUT);
            poll[1] = new PollDescriptor { Descriptor = signals.Descriptor.Number, Events = PollEvents.POLLIN };
            Poll.Wait(poll);
            if (poll[1].Returned != 0 && signals.Read().Value.Signal is not (Signal.SIGWINCH or Signal.SIGCONT))
            {
                return;
            }

            down.Write();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        outside?.Dispose();
        slave?.Dispose();
        inside.Dispose();
    }

    // A terminal that hung up takes its session along; other input just ends, as by Ctrl-D.
    private void EndInput()
    {
        inputEnded = true;
        if (outside is null)
        {
            Files.Write(inside, [EndOfFile]);
        }
        else
        {
            hungUp = true;
            slave?.Dispose();
            inside.Dispose();
        }
    }

    private static PollDescriptor Entry(FileDescriptor file, PollEvents events) =>
        new() { Descriptor = events == PollEvents.None ? -1 : file.Number, Events = events };
}
