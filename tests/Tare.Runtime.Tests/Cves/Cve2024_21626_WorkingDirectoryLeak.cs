using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Launched;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>
/// A descriptor of a directory of the host leaked into the container, and /proc/self/fd/N was its working directory or the
/// beginning of its program's path.
/// </summary>
public sealed class Cve2024_21626_WorkingDirectoryLeak
{
    [Theory]
    [InlineData("spec")]
    [InlineData("exec")]
    [InlineData("everything")]
    [InlineData("host-view")]
    public void Descriptors_are_closed_before_the_programs_path_is_walked(string name)
    {
        LaunchPlan plan = TypicalPlans.All[name]();
        int marked = plan.IndexOf("close all other descriptors when the program starts");
        int seal = Assert.Single(Enumerable.Range(0, plan.Steps.Length), i => plan.Steps[i] is SealStep);

        // What is marked goes when the sealed image is executed, and only there the program's path is walked.
        Assert.True(marked < seal);
        Assert.All(plan.Calls(Syscall.execve), i => Assert.True(seal < i));
    }

    [Fact]
    public void A_working_directory_is_reached_through_no_magic_link_and_has_a_name_inside()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default.Process(process => process with { Cwd = "/proc/self/fd/7" }));
        int opened = plan.IndexOf("open '/proc/self/fd/7'");

        Assert.True((PathLaws.HowOf(plan.Call(opened)).Resolve & ResolveFlags.RESOLVE_NO_MAGICLINKS) != 0);
        Assert.True(
            plan.IndexOf("make sure that the working directory lies inside the container")
                < plan.Calls(Syscall.execve)[0]
        );
    }

    [Fact]
    public void A_program_of_the_host_cannot_be_executed_through_a_descriptor_that_leaked()
    {
        using LaunchedContainer container = new();
        using FileFd leaked = Files.OpenAt(null, "/", OpenFlags.O_PATH).OrThrow("open the host's root");

        LaunchException e = Assert.Throws<LaunchException>(() =>
            container.Shell(
                "",
                process => process with { Args = [$"/proc/self/fd/{leaked.Number}/bin/busybox", "true"] }
            )
        );

        Assert.Equal(Errno.ENOENT, e.Failure.Errno);
    }
}
