using System.Buffers;
using System.Text;

namespace Tare.Processes;

/// <summary>The end of UTF-8 text that is cut at a number of bytes, which need not be between two characters.</summary>
internal static class Utf8End
{
    /// <summary>The most bytes of a character that lacks its end.</summary>
    public const int MostBegun = 3;

    /// <summary>
    /// How many bytes at the end are the beginning of a character that lacks its end; 0 where the text ends with a character, or
    /// with what begins none.
    /// </summary>
    public static int BytesOfBegunCharacter(ReadOnlySpan<byte> text) =>
        Rune.DecodeLastFromUtf8(text, out _, out int bytes) == OperationStatus.NeedMoreData ? bytes : 0;
}
