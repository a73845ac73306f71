using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Launched;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Cves;

/// <summary>
/// A program of the container was /proc/self/exe, or a script that began with it: so the runtime itself was executed inside,
/// and its file on the host could be opened there and overwritten.
/// </summary>
public sealed class Cve2019_5736_RuntimeOverwritten
{
    [Theory]
    [InlineData("spec")]
    [InlineData("create-start")]
    [InlineData("user-namespace")]
    [InlineData("host-view")]
    [InlineData("exec")]
    [InlineData("exec-terminal")]
    public void The_runtimes_executable_is_let_go_before_a_program_is_looked_for(string name)
    {
        LaunchPlan plan = TypicalPlans.All[name]();

        int seal = Assert.Single(Enumerable.Range(0, plan.Steps.Length), i => plan.Steps[i] is SealStep);

        Assert.All(plan.Calls(Syscall.execve), i => Assert.True(seal < i));
    }

    [Theory]
    [InlineData("/proc/self/exe")]
    [InlineData("/script")]
    [InlineData("/link")]
    public void What_is_executed_in_its_place_does_nothing(string program)
    {
        using LaunchedContainer container = new();
        container.Shell("printf '#!/proc/self/exe\\n' >/script; chmod 755 /script; ln -s /proc/self/exe /link");

        (int? code, string output) = container.Shell("", process => process with { Args = [program] });

        Assert.Equal((125, ""), (code, output));
    }
}
