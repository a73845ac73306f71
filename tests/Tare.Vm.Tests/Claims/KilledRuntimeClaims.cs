using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>The runtime is killed in the middle of a launch, at every tenth step; a step of an alternative that is not taken kills nobody.</summary>
public abstract class KilledRuntimeClaims(Guest guest)
{
    private const string State = """
        state() {
            find /sys/fs/cgroup -type d | sort
            cut -d' ' -f 5 /proc/self/mountinfo
            ls /run/tare /run/tare/@in-progress
            for process in /proc/[0-9]*/ns/mnt; do readlink $process; done | sort -u
        }
        """;

    [Theory]
    [InlineData("run")]
    [InlineData("create")]
    public void What_a_killed_launch_has_left_the_next_one_removes(string verb)
    {
        string bundle = guest.Bundle(["true"], config => config.Limit("pids", ("limit", 20)));

        ToolResult result = guest.Run(
            $"""
            {State}
            tare-oci run --bundle {bundle} other
            state >/tmp/before
            killed=0
            for step in $(seq 1 10 181); do
                TARE_KILL_BEFORE_STEP=$step tare-oci {verb} --bundle {bundle} killed 2>/dev/null
                [ $? = 137 ] && killed=$((killed + 1))
                wait_for_mark killed
                # Killed too late, or not at all.
                has_made killed && tare-oci delete --force killed
            done
            [ $killed -ge 12 ] && echo killed a dozen times
            tare-oci run --bundle {bundle} other; echo $?
            state | diff /tmp/before - && echo nothing left
            """
        );

        Assert.Equal(["killed a dozen times", "0", "nothing left"], result.ShouldSucceed().Lines);
    }
}
