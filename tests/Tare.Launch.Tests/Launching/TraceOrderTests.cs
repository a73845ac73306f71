namespace Tare.Launch.Tests.Launching;

public sealed class TraceOrderTests
{
    /// <summary>
    /// A step that makes a process is passed by both: first by the one that goes the other way, whose steps then come
    /// later in the plan and earlier by the clock.
    /// </summary>
    [Fact]
    public void Steps_that_another_process_passes_first_take_no_negative_time()
    {
        static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
        LaunchTrace trace = new(At(0), [At(1), At(9), At(10), At(3), At(5), null, At(12)]);

        Assert.Equal([At(1), At(4), At(1), At(2), At(2), null, At(2)], trace.Durations());
    }
}
