using System.Text.Unicode;

namespace Tare.Linux;

/// <summary>What this process's command line holds that strings cannot: .NET replaces bytes that are no UTF-8.</summary>
public static class OwnArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The number of the first argument that is no UTF-8, and so not what was given; 0 if there is none.
    /// /proc/self/cmdline, which is read only where an argument looks replaced.
    /// </summary>
    /// <param name="arguments">The arguments as strings, without the program's name.</param>
    public static int FindAltered(IReadOnlyList<string> arguments)
    {
        if (!arguments.Any(argument => argument.Contains(Replacement, StringComparison.Ordinal)))
        {
            return 0;
        }

        SysResult<byte[]> read = Files.ReadAllAt(null, "/proc/self/cmdline");
        return read.Ok ? FindInvalid(read.Value) : 0;
    }

    /// <summary>The number of the first text that is no UTF-8, from 0; 0 if there is none behind the first.</summary>
    /// <param name="texts">Texts that end with a zero byte each.</param>
    internal static int FindInvalid(ReadOnlySpan<byte> texts)
    {
        for (int number = 0; !texts.IsEmpty; number++)
        {
            int end = texts.IndexOf((byte)0);
            ReadOnlySpan<byte> text = end < 0 ? texts : texts[..end];
            if (number > 0 && !Utf8.IsValid(text))
            {
                return number;
            }

            texts = end < 0 ? [] : texts[(end + 1)..];
        }

        return 0;
    }
}
