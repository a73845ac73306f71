using System.Collections.Immutable;

namespace Tare.Processes;

/// <summary>Numbers of NUMA nodes as the kernel takes them.</summary>
internal static class NodeMask
{
    /// <summary>The highest node of any kernel: CONFIG_NODES_SHIFT is 10 at most.</summary>
    public const int Highest = 1023;

    /// <summary>A bit for each, in words of 64; empty for none.</summary>
    public static ulong[] Of(ImmutableSortedSet<int> nodes)
    {
        ulong[] words = new ulong[nodes.IsEmpty ? 0 : (nodes.Max / 64) + 1];
        foreach (int node in nodes)
        {
            words[node / 64] |= 1UL << (node % 64);
        }

        return words;
    }

    /// <summary>The numbers of the bits.</summary>
    public static ImmutableSortedSet<int> Numbers(ReadOnlySpan<ulong> words)
    {
        ImmutableSortedSet<int>.Builder nodes = ImmutableSortedSet.CreateBuilder<int>();
        for (int i = 0; i < words.Length * 64; i++)
        {
            if ((words[i / 64] & (1UL << (i % 64))) != 0)
            {
                nodes.Add(i);
            }
        }

        return nodes.ToImmutable();
    }
}
