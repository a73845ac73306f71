using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What Tare.Processes does where there is cgroup v2 alone, told by its probe.</summary>
public abstract class LibraryClaims(Guest guest)
{
    [Fact]
    public void Memory_that_is_used_up_is_told_by_the_group_and_those_above()
    {
        string[] lines = guest.Run("probe memory").ShouldSucceed().Lines;

        Assert.Equal("before=0", lines[0]);
        Assert.Equal("signal=SIGKILL", lines[1]);
        Assert.Equal("inner=1,1", lines[2]);
        Assert.Equal("outer=1,0", lines[3]);
    }

    [Fact]
    public void A_process_that_is_refused_is_told_by_the_group() =>
        Assert.Equal(["refused=True"], guest.Run("probe processes").ShouldSucceed().Lines);

    [Fact]
    public void A_user_gets_no_more_of_a_file_system_than_the_quota()
    {
        ToolResult told = guest.Run(
            """
            mkdir -p /tmp/limited
            if ! mount -t tmpfs -o usrquota,mode=1777 limited /tmp/limited; then echo none; exit 0; fi
            probe quota /tmp/limited 1000
            status=$?
            umount /tmp/limited
            exit $status
            """
        );

        string[] lines = told.ShouldSucceed().Lines;
        Assert.SkipWhen(lines is ["none"], "needs CONFIG_TMPFS_QUOTA (Linux 6.6)");
        Assert.Equal(["bytes=EDQUOT", "files=EDQUOT", "use=True,100352,2,2"], lines);
    }
}
