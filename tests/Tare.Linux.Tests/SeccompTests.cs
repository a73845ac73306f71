using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SeccompTests
{
    [Fact]
    public void A_filter_answers_in_the_kernels_place() =>
        MissingCall.Run(
            Syscall.getsid,
            Errno.EXDEV,
            () =>
            {
                Assert.Equal(Errno.EXDEV, Processes.GetSid().Errno);
                Assert.True(Processes.GetPgid().Ok);
                Assert.Equal(2, ProcStatus.ReadOwn().OrThrow("read").SeccompMode);
            }
        );

    [Fact]
    public void A_wrong_program_is_refused()
    {
        OwnThread.Run(() =>
        {
            Prctl.SetNoNewPrivileges().OrThrow("prctl");
            Assert.Equal(Errno.EINVAL, Seccomp.LoadFilter([new() { Code = 0xffff }]).Errno);
            Assert.Equal(Errno.EINVAL, Seccomp.LoadFilter([]).Errno);
            Assert.Equal(Errno.EINVAL, Seccomp.LoadFilter(new SocketFilter[Seccomp.MaximumLength + 1]).Errno);
        });
    }

    [Fact]
    public void Actions_and_sizes_are_told()
    {
        Seccomp.IsActionAvailable(SeccompAction.SECCOMP_RET_KILL_PROCESS).OrThrow("seccomp");
        Assert.Equal(Errno.EOPNOTSUPP, Seccomp.IsActionAvailable((SeccompAction)0x12340000).Errno);
        SeccompNotifySizes sizes = Seccomp.GetNotifySizes().OrThrow("seccomp");
        Assert.True(sizes.Notification >= 80 && sizes.Response >= 24 && sizes.Data >= 64);
    }
}
