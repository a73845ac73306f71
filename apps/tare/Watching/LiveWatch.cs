using System.Diagnostics;
using Tare.Cli.Observation;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Cli.Watching;

/// <summary>The live picture: looks at intervals, keys and signals between them, on one thread that waits for all three.</summary>
internal sealed class LiveWatch(WatchOptions options, WatchSources sources, LiveTerminal terminal)
{
    // Rates need two looks, and the first picture shall not be without them for long.
    private static readonly TimeSpan Second = TimeSpan.FromMilliseconds(300);
    private readonly WatchState state = new(options.Order);
    private readonly WatchPicture picture = new();
    private readonly KeyDecoder keys = new();
    private IReadOnlyList<ProcessRow> rows = [];

    /// <summary>Shows until the key for it, or a signal, ends it. The terminal is given back on every way out.</summary>
    /// <returns>0, or 128 and the signal.</returns>
    public int Run()
    {
        using SignalPipe signals = SignalPipe
            .Open(
                Signal.SIGINT,
                Signal.SIGTERM,
                Signal.SIGHUP,
                Signal.SIGQUIT,
                Signal.SIGTSTP,
                Signal.SIGCONT,
                Signal.SIGWINCH
            )
            .OrThrow("catch signals");
        try
        {
            terminal.Hold();
            return Loop(signals);
        }
        catch (KernelException e) when (e.Errno == Errno.EIO)
        {
            // The terminal is gone.
            return 128 + (int)Signal.SIGHUP;
        }
        catch
        {
            // An exception that nobody catches ends the program before any finally.
            terminal.Release();
            throw;
        }
        finally
        {
            terminal.Release();
        }
    }

    private int Loop(SignalPipe signals)
    {
        long looked = Look(isFirst: true);
        TimeSpan interval = Second < options.Interval ? Second : options.Interval;
        while (true)
        {
            (int width, int height) = LiveTerminal.Size;
            terminal.Show(WatchScreen.Draw(picture, rows, state, width, height));
            TimeSpan left = interval - Stopwatch.GetElapsedTime(looked);
            Span<PollDescriptor> poll =
            [
                new() { Descriptor = Output.Input.Number, Events = PollEvents.POLLIN },
                new() { Descriptor = signals.Descriptor.Number, Events = PollEvents.POLLIN },
            ];
            Poll.Wait(poll, left > TimeSpan.Zero ? left : TimeSpan.Zero).OrThrow("wait for keys");
            if (poll[1].Returned != 0 && Heed(signals) is { } signal)
            {
                return 128 + (int)signal;
            }

            if (poll[0].Returned != 0 && ReadKeys() is { } status)
            {
                return status;
            }

            if (Stopwatch.GetElapsedTime(looked) >= interval)
            {
                looked = Look(isFirst: false);
                interval = options.Interval;
            }
        }
    }

    private long Look(bool isFirst)
    {
        long now = Stopwatch.GetTimestamp();
        (MachineSample machine, IReadOnlyList<ProcessRow> all) = sources.Take();
        picture.Add(machine, all, isFirst);
        rows = state.Arrange(picture.Rows);
        return now;
    }

    // The signal that ends it, or null.
    private Signal? Heed(SignalPipe signals)
    {
        while (signals.Read() is { Ok: true } caught)
        {
            switch (caught.Value.Signal)
            {
                case Signal.SIGWINCH:
                    terminal.Forget();
                    break;
                case Signal.SIGTSTP:
                    terminal.Release();
                    Linux.Processes.Kill(Linux.Processes.GetPid(), Signal.SIGSTOP);
                    break;
                case Signal.SIGCONT:
                    terminal.Hold();
                    break;
                default:
                    return caught.Value.Signal;
            }
        }

        return null;
    }

    // The exit status where it ends, or null.
    private int? ReadKeys()
    {
        Span<byte> bytes = stackalloc byte[256];
        SysResult<int> count = Files.Read(Output.Input, bytes);
        if (count.Errno is Errno.EINTR or Errno.EAGAIN)
        {
            return null;
        }

        // The terminal is gone.
        if (!count.Ok || count.Value == 0)
        {
            return 128 + (int)Signal.SIGHUP;
        }

        foreach (Key key in keys.Decode(bytes[..count.Value]))
        {
            switch (state.Press(key, rows))
            {
                case WatchAction.Quit:
                    return 0;
                case WatchAction.Send send:
                    state.Message = Send(send);
                    break;
            }

            rows = state.Arrange(picture.Rows);
        }

        return null;
    }

    // The process that was chosen or none: its number may have been given to another since.
    private static string Send(WatchAction.Send send)
    {
        string name = $"process {send.Process.ProcessId} ({Visible.Of(send.Process.Name)})";
        SysResult<PidFd> opened = PidFds.Open(send.Process.ProcessId);
        if (!opened.Ok)
        {
            return opened.Errno == Errno.ESRCH ? $"{name} has ended" : $"{name}: {opened.Errno}";
        }

        using PidFd process = opened.Value;
        try
        {
            if (ProcessSnapshot.Read(process, SnapshotParts.None).StartedAfterBoot != send.Process.Started)
            {
                return $"{name} has ended";
            }
        }
        catch (KernelException)
        {
            return $"{name} has ended";
        }

        SysResult sent = PidFds.SendSignal(process, send.Signal);
        return sent.Ok
            ? $"{SignalNames.NameOf(send.Signal)} was sent to {name}"
            : $"{SignalNames.NameOf(send.Signal)} to {name}: {sent.Errno}";
    }
}
