using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>A process that cannot be made: the failure has no step, and its text says why or what to do.</summary>
public sealed class CloneFailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Namespaces_without_privilege(bool gated)
    {
        LaunchPlan plan = Plan(CloneFlags.CLONE_NEWNET | CloneFlags.CLONE_NEWUTS, gated);
        LaunchException? e = null;
        OwnThread.Run(() =>
        {
            Capabilities.Set(default).OrThrow("drop the capabilities");
            e = Assert.Throws<LaunchException>(() => Launches.Make(plan));
        });

        Assert.Equal(
            new LaunchFailure(null, "create the process in new UTS and network namespaces", Errno.EPERM),
            e!.Failure
        );
        Assert.Equal(
            "create the process in new UTS and network namespaces: EPERM (new namespaces need root or a user namespace)",
            e.Message
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kernel_or_filter_without_clone3(bool gated)
    {
        LaunchPlan plan = Plan(CloneFlags.None, gated);
        LaunchException? e = null;
        CallFilter.Run(
            new CallFilter(Syscall.clone3, Errno.ENOSYS),
            () => e = Assert.Throws<LaunchException>(() => Launches.Make(plan))
        );

        Assert.Equal(
            "create the process: ENOSYS (clone3 is missing: needs Linux 5.7, and no seccomp filter that hides it)",
            e!.Message
        );
        Assert.Null(e.Failure.Step);
    }

    [Theory]
    [InlineData(Errno.EAGAIN, "ulimit -u")]
    [InlineData(Errno.ENOSPC, "user.max_*_namespaces")]
    [InlineData(Errno.EUSERS, "nested too deep")]
    [InlineData(Errno.EINVAL, "lacks one of these namespaces")]
    [InlineData(Errno.E2BIG, "Linux 5.7")]
    [InlineData(Errno.EPERM, "kernel.unprivileged_userns_clone")]
    public void The_errno_as_a_filter_gives_it_has_its_hint(Errno errno, string hint)
    {
        LaunchPlan plan = Plan(CloneFlags.CLONE_NEWUSER, gated: false);
        LaunchException? e = null;
        CallFilter.Run(
            new CallFilter(Syscall.clone3, errno),
            () => e = Assert.Throws<LaunchException>(() => Launches.Make(plan))
        );

        Assert.Equal(errno, e!.Failure.Errno);
        Assert.Contains(hint, e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_on_namespaces_of_a_user_namespace()
    {
        Require.Root();
        ToolResult result = Tool.Run(
            "unshare",
            "--user",
            "--map-root-user",
            "sh",
            "-c",
            $"echo 0 >/proc/sys/user/max_net_namespaces && exec '{Probe.Path}' network-namespace"
        );

        Assert.Equal(
            "create the process in a new network namespace: ENOSPC (a limit is reached: see user.max_*_namespaces, "
                + "or namespaces are nested too deep)\n",
            result.ShouldExitWith(1).Output
        );
    }

    private static LaunchPlan Plan(CloneFlags flags, bool gated)
    {
        LaunchPlanBuilder plan = new() { CloneFlags = flags };
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Execute("/bin/true");
        return plan.Build();
    }
}
