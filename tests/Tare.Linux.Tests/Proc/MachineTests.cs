using System.Text;

namespace Tare.Linux.Tests.Proc;

public class MachineTests
{
    [Fact]
    public void Processors_times_are_the_sums_and_the_processors_are_counted()
    {
        ProcessorTimes times = ProcessorTimes.Parse(
            "cpu  100 20 30 400 5 6 7 8 90 10\ncpu0 50 10 15 200 2 3 3 4 45 5\ncpu1 50 10 15 200 3 3 4 4 45 5\nintr 1 2\nctxt 3\n"u8
        );

        Assert.Equal(new ProcessorTimes(100, 20, 30, 400, 5, 6, 7, 8, 2), times);
        Assert.Equal(576, times.Total);
        Assert.Equal(163, times.Busy);
    }

    [Fact]
    public void Memory_is_read_by_name_and_in_bytes()
    {
        MachineMemory memory = MachineMemory.Parse(
            Encoding.ASCII.GetBytes(
                "MemTotal:       8000 kB\nMemFree:        1000 kB\nMemAvailable:   5000 kB\nCached:  3000 kB\nSwapCached: 7 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB\nHugePages_Total:       0\n"
            )
        );

        Assert.Equal(
            new MachineMemory(8000 * 1024, 1000 * 1024, 5000 * 1024, 3000 * 1024, 200 * 1024, 150 * 1024),
            memory
        );
        Assert.Equal(3000 * 1024, memory.Used);
    }

    [Fact]
    public void This_machine_has_both()
    {
        ProcessorTimes before = ProcessorTimes.Read().OrThrow("read");
        ProcessorTimes after = ProcessorTimes.Read().OrThrow("read");
        MachineMemory memory = MachineMemory.Read().OrThrow("read");

        Assert.True(before.Total > 0 && after.Total >= before.Total);
        Assert.True(before.Processors >= 1);
        Assert.InRange(memory.Used, 1, memory.Total);
    }

    [Fact]
    public void What_is_no_number_is_refused() =>
        Assert.Throws<FormatException>(() => ProcessorTimes.Parse("cpu  100 x 30 400 5 6 7 8\n"u8));
}
