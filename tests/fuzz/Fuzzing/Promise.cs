namespace Tare.Fuzz.Fuzzing;

/// <summary>What holds for whatever takes foreign bytes.</summary>
internal static class Promise
{
    private static readonly char[] LineEnds = ['\u2028', '\u2029'];

    /// <summary>A refusal is one line of visible characters, and not empty.</summary>
    public static void IsOneLine(string message)
    {
        Assert.NotEqual("", message.Trim());
        Assert.True(
            !message.AsSpan().ContainsAny(LineEnds) && !message.Any(char.IsControl),
            $"a message is not one line of visible characters: '{Escapes.Write(System.Text.Encoding.UTF8.GetBytes(message))}'"
        );
    }

    /// <summary>Does something, and sees to it that it allocates no more than so many bytes.</summary>
    public static T Within<T>(long bytes, Func<T> work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return work();
        }
        finally
        {
            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(used <= bytes, $"allocated {used} bytes, more than {bytes}");
        }
    }
}
