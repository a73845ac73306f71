using System.Text;
using Tare.Linux;

namespace Tare.Cli.Trying;

/// <summary>Asks the person at the terminal.</summary>
internal static class Question
{
    /// <summary>There is somebody to ask: standard input and standard error are terminals.</summary>
    public static bool CanBeAsked => Terminals.IsTerminal(Output.Input) && Terminals.IsTerminal(Output.Errors);

    /// <summary>Asks until one of the letters is the answer; null where there is no answer to come.</summary>
    public static char? Ask(string text, string letters)
    {
        while (true)
        {
            Output.WriteError(text);
            if (ReadLine() is not { } line)
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
    private static string? ReadLine()
    {
        List<byte> line = [];
        Span<byte> next = stackalloc byte[1];
        while (true)
        {
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
