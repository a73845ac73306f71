using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What the libraries do with what Linux 7.2 has and the machines that the tests run on may not, told by their probe.</summary>
public abstract class NewestClaims(Guest guest)
{
    [Fact]
    public void Namespaces_are_listed_by_kind_and_owner_and_opened_by_their_ids() =>
        Assert.Equal(
            [
                "new=True",
                "kinds=False",
                "owned=True",
                "own=True",
                "strange=EINVAL",
                "pages=True,True",
                "again=True,CLONE_NEWUTS",
                "gone=ESTALE,False",
            ],
            guest.Run("probe listed").ShouldSucceed().Lines
        );

    [Fact]
    public void Mount_namespaces_are_made_of_mounts_and_of_nothing() =>
        Assert.Equal(
            [
                "tree=CLONE_NEWNS,tmpfs,inside",
                "fresh=CLONE_NEWNS,tmpfs,none",
                "here=/tmp/mounted",
                "nowhere=,tmpfs,probe,True",
                "never=ENOENT",
                "empty=0,nullfs",
            ],
            guest.Run("probe trees").ShouldSucceed().Lines
        );

    [Fact]
    public void Only_regular_files_are_opened_and_a_directory_waits_for_who_has_a_delegation() =>
        Assert.Equal(
            ["fifo=EFTYPE", "file=7", "asked=F_UNLCK,False", "made=exit code 0,True"],
            guest.Run("probe files").ShouldSucceed().Lines
        );

    [Fact]
    public void A_process_is_born_without_privileges_to_gain_and_dies_with_the_descriptor() =>
        Assert.Equal(
            [
                "plain=exit code 0",
                "privileges=exit code 1",
                "alone=EINVAL",
                "guarded=SIGKILL",
                "wait=ECHILD",
                "reaped=ESRCH",
            ],
            guest.Run("probe births").ShouldSucceed().Lines
        );

    [Fact]
    public void The_longest_and_shortest_delays_of_a_process_are_told_and_when() =>
        Assert.Equal(
            ["version=17", "longest=True", "shortest=True", "at=True"],
            guest.Run("probe delays").ShouldSucceed().Lines
        );

    [Fact]
    public void What_a_thread_with_deadlines_has_left_is_told() =>
        Assert.Equal(["left=True,True", "other=EINVAL"], guest.Run("probe deadline").ShouldSucceed().Lines);

    [Fact]
    public void What_threads_and_groups_are_taken_to_need_is_bounded() =>
        Assert.Equal(
            ["thread=100,512", "least=100,1024", "group=9.77,50.00", "lifted=0.00,max"],
            guest.Run("probe utilization").ShouldSucceed().Lines
        );

    [Fact]
    public void A_process_is_left_to_a_scheduler_that_somebody_may_load() =>
        Assert.Equal(
            ["started=SCHED_EXT", "changed=SCHED_EXT", "back=SCHED_OTHER"],
            guest.Run("probe extensible").ShouldSucceed().Lines
        );

    [Fact]
    public void What_a_group_swaps_is_kept_compressed_as_far_as_it_may() =>
        Assert.Equal(
            ["max=4194304", "writeback=0", "kept=True", "none=0"],
            guest
                .Run(
                    """
                    # Nothing is written to it. Not on a tmpfs, which could be swapped to itself.
                    mkdir /run/swap
                    mount -t ramfs ramfs /run/swap
                    truncate -s 64M /run/swap/device
                    losetup /dev/loop7 /run/swap/device
                    mkswap /dev/loop7 >/dev/null
                    swapon /dev/loop7
                    echo 1 >/sys/module/zswap/parameters/enabled
                    probe compressed
                    status=$?
                    echo 0 >/sys/module/zswap/parameters/enabled
                    swapoff /dev/loop7
                    losetup -d /dev/loop7
                    umount /run/swap
                    rmdir /run/swap
                    exit $status
                    """
                )
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void What_the_kernel_can_tell_is_told() =>
        Assert.Equal(
            ["mounts=True", "processes=True", "found=True"],
            guest.Run("probe supported").ShouldSucceed().Lines
        );
}
