using Tare.Launch;
using Tare.Runtime.Tests.Launched;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Init;

/// <summary>The first process of a PID namespace that has an init of its own.</summary>
public sealed class InitProcessTests
{
    [Fact]
    public void It_leaves_the_launchers_working_directory_before_it_executes_its_program()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default, Specs.Context with { HasInit = true });

        int made = plan.IndexOf("make the init process");
        int left = plan.IndexOf("leave the launcher's working directory");
        int executed = plan.IndexOf("execute the init process's program");
        Assert.True(made < left && left < executed);
        Assert.Equal("/\0"u8, ((CallStep)plan.Steps[left]).Arguments[0].Blob.Span);
    }

    [Fact]
    public void No_directory_of_the_machine_can_be_reached_through_it()
    {
        using LaunchedContainer container = new(withInit: true);

        (_, string output) = container.Shell("readlink /proc/1/cwd; readlink /proc/1/root; ls -a /proc/1/cwd/..");

        Assert.Equal("/\n/\n.\n..\nbin\ndev\netc\nout\nproc\nroot\nrun\nsys\ntmp\nvar\n", output);
    }
}
