using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Cves;

/// <summary>The container's /dev/null was replaced by a symlink, and a masked path showed what that led to, to be written.</summary>
public sealed class Cve2025_31133_NullDeviceReplaced
{
    [Fact]
    public void What_covers_a_file_is_the_null_device_itself()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);
        int opened = plan.IndexOf("open '/dev/null'");
        Slot nothing = plan.Call(opened).Result!;

        CheckStep type = Assert.IsType<CheckStep>(plan.Steps[opened + 2]);
        CheckStep numbers = Assert.IsType<CheckStep>(plan.Steps[opened + 3]);
        Assert.Equal((ulong)FileModes.S_IFCHR, type.Expected);
        Assert.Equal(1UL | (3UL << 32), numbers.Expected);
        Assert.All([type, numbers], check => Assert.Null(check.Otherwise));

        // The cover is taken from the descriptor that was looked at, never by the name again.
        int[] covers =
        [
            .. plan.Calls(Syscall.open_tree)
                .Where(i => plan.Steps[i].Words.StartsWith("mask the file", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(covers);
        Assert.All(covers, i => Assert.Equal(nothing, plan.Call(i).Arguments[0].Slot));
        Assert.Single(plan.Steps, step => step.Words == "open '/dev/null'");
    }
}
