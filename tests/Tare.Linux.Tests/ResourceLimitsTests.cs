using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ResourceLimitsTests
{
    [Fact]
    public void Names_and_numbers_are_the_same_limits()
    {
        foreach (ResourceLimit resource in Enum.GetValues<ResourceLimit>())
        {
            Assert.Equal(resource.ToString(), ResourceLimits.NameOf(resource));
            Assert.True(ResourceLimits.TryParse(resource.ToString(), out ResourceLimit parsed));
            Assert.Equal(resource, parsed);
        }

        Assert.False(ResourceLimits.TryParse("RLIMIT_NONE", out _));
        Assert.False(ResourceLimits.TryParse("rlimit_cpu", out _));
    }

    [Fact]
    public void A_limit_is_set_for_another_process()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        PidFd process = orphan.Process;
        RLimit64 before = ResourceLimits.Get(ResourceLimit.RLIMIT_NOFILE, orphan.ProcessId).OrThrow("prlimit64");
        RLimit64 wanted = new() { Current = 17, Maximum = 19 };
        RLimit64 previous = ResourceLimits
            .Set(ResourceLimit.RLIMIT_NOFILE, wanted, orphan.ProcessId)
            .OrThrow("prlimit64");
        Assert.Equal((before.Current, before.Maximum), (previous.Current, previous.Maximum));
        RLimit64 after = ResourceLimits.Get(ResourceLimit.RLIMIT_NOFILE, orphan.ProcessId).OrThrow("prlimit64");
        Assert.Equal((17ul, 19ul), (after.Current, after.Maximum));
        Assert.Equal(
            Errno.EINVAL,
            ResourceLimits.Set(ResourceLimit.RLIMIT_NOFILE, new() { Current = 2, Maximum = 1 }, orphan.ProcessId).Errno
        );
        PidFds.SendSignal(process, Signal.SIGKILL).OrThrow("pidfd_send_signal");
        PidFds.Wait(process).OrThrow("waitid");
    }
}
