namespace Tare.Linux;

/// <summary>Lists of words with commas, as mount options and cgroup controllers are written.</summary>
internal static class CommaList
{
    /// <summary>The list has that word, whole.</summary>
    internal static bool Contains(ReadOnlySpan<char> list, ReadOnlySpan<char> word)
    {
        foreach (Range range in list.Split(','))
        {
            if (list[range].SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
