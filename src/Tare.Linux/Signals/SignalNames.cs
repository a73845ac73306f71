using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Signals by name, as people write them. signal(7).</summary>
public static class SignalNames
{
    private static ReadOnlySpan<string> Names =>
        new string[]
        {
            "HUP",
            "INT",
            "QUIT",
            "ILL",
            "TRAP",
            "ABRT",
            "BUS",
            "FPE",
            "KILL",
            "USR1",
            "SEGV",
            "USR2",
            "PIPE",
            "ALRM",
            "TERM",
            "STKFLT",
            "CHLD",
            "CONT",
            "STOP",
            "TSTP",
            "TTIN",
            "TTOU",
            "URG",
            "XCPU",
            "XFSZ",
            "VTALRM",
            "PROF",
            "WINCH",
            "IO",
            "PWR",
            "SYS",
        };

    /// <summary>SIGTERM and so on; real-time signals as SIGRTMIN+n, counted from the C library's first, 34.</summary>
    public static string NameOf(Signal signal)
    {
        int number = (int)signal;
        return number switch
        {
            >= 1 and <= 31 => "SIG" + Names[number - 1],
            34 => "SIGRTMIN",
            > 34 and <= 64 => $"SIGRTMIN+{number - 34}",
            _ => $"signal {number}",
        };
    }

    /// <summary>
    /// A signal from its number, its name with or without SIG in any case, RTMIN, RTMIN+n, RTMAX or RTMAX-n; false where it
    /// is none of these, or 0.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Signal signal)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            signal = (Signal)number;
            return number is >= 1 and <= 64;
        }

        if (text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase))
        {
            text = text[3..];
        }

        ReadOnlySpan<string> names = Names;
        for (int i = 0; i < names.Length; i++)
        {
            if (text.Equals(names[i], StringComparison.OrdinalIgnoreCase))
            {
                signal = (Signal)(i + 1);
                return true;
            }
        }

        number =
            text.Equals("IOT", StringComparison.OrdinalIgnoreCase) ? (int)Signal.SIGABRT
            : text.Equals("CLD", StringComparison.OrdinalIgnoreCase) ? (int)Signal.SIGCHLD
            : text.Equals("POLL", StringComparison.OrdinalIgnoreCase) ? (int)Signal.SIGIO
            : RealTime(text);
        signal = (Signal)number;
        return number != 0;
    }

    private static int RealTime(ReadOnlySpan<char> text)
    {
        bool fromFirst = text.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase);
        if (!fromFirst && !text.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        int first = fromFirst ? 34 : 64;
        text = text[5..];
        if (text.IsEmpty)
        {
            return first;
        }

        if (
            text[0] != (fromFirst ? '+' : '-')
            || !int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int distance)
            || distance > 30
        )
        {
            return 0;
        }

        return fromFirst ? first + distance : first - distance;
    }
}
