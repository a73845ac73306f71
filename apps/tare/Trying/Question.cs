using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Trying;

/// <summary>Asks the person at the terminal.</summary>
internal static class Question
{
    /// <summary>There is somebody to ask: standard input and standard error are terminals.</summary>
    public static bool CanBeAsked => Terminals.IsTerminal(Output.Input) && Terminals.IsTerminal(Output.Errors);

    /// <summary>Asks until one of the letters is the answer.</summary>
    /// <param name="text">The question.</param>
    /// <param name="letters">The answers.</param>
    /// <param name="signal">The signal that came instead of an answer (Ctrl-C); null for none.</param>
    /// <returns>Null where there is no answer to come.</returns>
    public static char? Ask(string text, string letters, out Signal? signal)
    {
        using SignalPipe signals = SignalPipe
            .Open(Signal.SIGINT, Signal.SIGTERM, Signal.SIGHUP, Signal.SIGQUIT)
            .OrThrow("catch signals");
        while (true)
        {
            Output.WriteError(text);
            if (ReadLine(signals, out signal) is not { } line)
            {
                Output.WriteError("\n");
                return null;
            }

            string answer = line.Trim().ToLowerInvariant();
            if (answer.Length > 0 && letters.Contains(answer[0], StringComparison.Ordinal))
            {
                return answer[0];
            }
        }
    }

    // A byte at a time: what comes behind the line is somebody else's.
    private static string? ReadLine(SignalPipe signals, out Signal? signal)
    {
        signal = null;
        List<byte> line = [];
        Span<byte> next = stackalloc byte[1];
        Span<PollDescriptor> poll =
        [
            new() { Descriptor = Output.Input.Number, Events = PollEvents.POLLIN },
            new() { Descriptor = signals.Descriptor.Number, Events = PollEvents.POLLIN },
        ];
        while (true)
        {
            Poll.Wait(poll).OrThrow("wait for an answer");
            if (poll[1].Returned != 0)
            {
                signal = signals.Read() is { Ok: true } caught ? caught.Value.Signal : null;
                return null;
            }

            SysResult<int> read = Files.Read(Output.Input, next);
            if (!read.Ok || read.Value == 0)
            {
                return null;
            }

            if (next[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(next[0]);
        }
    }
}
