using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Diagnosis;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Diagnosis;

public sealed class StepDiagnosisTests
{
    [Fact]
    public void A_loopback_interface_that_must_stay_down_is_explained()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);
        int step = plan.Calls(Syscall.ioctl)[0];

        Assert.Equal(
            "CAP_NET_ADMIN is missing, which the new network namespace's owner has: add a user namespace, or leave the network "
                + "namespace out",
            StepDiagnosis.Reason(new LaunchFailure(step, plan.Steps[step].Words, Errno.EPERM))
        );
        Assert.Null(StepDiagnosis.Reason(new LaunchFailure(step, plan.Steps[step].Words, Errno.ENODEV)));
    }

    [Theory]
    [InlineData("set RLIMIT_NOFILE", "a hard limit above this runtime's own needs CAP_SYS_RESOURCE: lower it")]
    [InlineData(
        "set the capabilities",
        "this runtime lacks some of them itself: leave those out of process.capabilities"
    )]
    public void What_the_runtime_itself_may_not_is_explained(string words, string reason)
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);
        int step = plan.Steps.ToList().FindIndex(step => step.Words == words);

        Assert.Equal(reason, StepDiagnosis.Reason(new LaunchFailure(step, plan.Steps[step].Words, Errno.EPERM)));
    }
}
