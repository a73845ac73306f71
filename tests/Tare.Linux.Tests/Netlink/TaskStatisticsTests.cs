using System.Buffers.Binary;

namespace Tare.Linux.Tests.Netlink;

public sealed class TaskStatisticsTests
{
    [Fact]
    public void Extremes_of_delays_are_those_of_their_kind()
    {
        // linux/taskstats.h, version 17: 8 pairs of the longest and the shortest, then 8 times of the longest.
        byte[] bytes = new byte[688];
        bytes[0] = 17;
        for (int i = 0; i < 8; i++)
        {
            Write(bytes, 432 + (i * 16), 1000 + (ulong)i);
            Write(bytes, 440 + (i * 16), 10 + (ulong)i);
            Write(bytes, 560 + (i * 16), 1_700_000_000 + (ulong)i);
            Write(bytes, 568 + (i * 16), 500_000_000);
        }

        Write(bytes, 416, 3);
        Write(bytes, 424, 2500);

        TaskStatistics told = TaskStatistics.Parse(bytes);

        TaskDelay[] delays =
        [
            told.Cpu,
            told.BlockIo,
            told.SwapIn,
            told.Reclaim,
            told.Thrashing,
            told.Compaction,
            told.WriteProtectCopy,
            told.Interrupts,
        ];
        Assert.Equal([1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007], delays.Select(delay => (int)delay.Longest));
        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17], delays.Select(delay => (int)delay.Shortest));
        Assert.Equal(
            DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_007_500),
            Assert.NotNull(told.Interrupts.LongestAt)
        );
        Assert.Equal((3ul, 2500ul), (told.Interrupts.Count, told.Interrupts.Nanoseconds));
    }

    [Theory]
    [InlineData(216)]
    [InlineData(416)]
    [InlineData(432)]
    [InlineData(560)]
    public void Older_kernels_tell_less(int length)
    {
        byte[] bytes = new byte[length];
        TaskStatistics told = TaskStatistics.Parse(bytes);
        Assert.Equal((0ul, 0ul), (told.Cpu.Longest, told.Interrupts.Shortest));
        Assert.Null(told.Cpu.LongestAt);
    }

    private static void Write(byte[] bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
}
