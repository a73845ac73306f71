using System.Buffers.Binary;
using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>What the scheduler's calls take. sched_setattr(2), sched_setaffinity(2).</summary>
internal static class SchedulingAttributes
{
    /// <summary>The kernel's struct.</summary>
    /// <param name="scheduling">The wish.</param>
    /// <param name="nice">The nice value; 0 where nothing is said.</param>
    public static SchedulingAttribute Of(ProcessScheduling scheduling, int? nice) =>
        new()
        {
            Size = SchedulingAttribute.StructSize,
            Policy = scheduling.Policy,
            Flags = scheduling.Flags,
            Nice = nice ?? 0,
            Priority = (uint)scheduling.Priority,
            Runtime = Nanoseconds(scheduling.Runtime),
            Deadline = Nanoseconds(scheduling.Deadline),
            Period = Nanoseconds(scheduling.Period),
        };

    /// <summary>A bit for each processor, whole words of 64.</summary>
    public static byte[] MaskOf(ImmutableSortedSet<int> processors)
    {
        byte[] mask = new byte[((processors.Max / 64) + 1) * 8];
        foreach (int processor in processors)
        {
            Span<byte> word = mask.AsSpan(processor / 64 * 8, 8);
            BinaryPrimitives.WriteUInt64LittleEndian(
                word,
                BinaryPrimitives.ReadUInt64LittleEndian(word) | (1UL << (processor % 64))
            );
        }

        return mask;
    }

    /// <summary>The numbers of the processors whose bits are set.</summary>
    public static ImmutableSortedSet<int> NumbersOf(ReadOnlySpan<byte> mask)
    {
        ImmutableSortedSet<int>.Builder processors = ImmutableSortedSet.CreateBuilder<int>();
        for (int i = 0; i < mask.Length * 8; i++)
        {
            if ((mask[i / 8] & (1 << (i % 8))) != 0)
            {
                processors.Add(i);
            }
        }

        return processors.ToImmutable();
    }

    private static ulong Nanoseconds(TimeSpan time) => (ulong)time.Ticks * 100;
}
