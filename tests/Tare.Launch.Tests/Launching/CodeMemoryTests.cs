using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>The pages that a launch's code lies in.</summary>
[Collection(nameof(Alone))]
public sealed class CodeMemoryTests
{
    [Fact]
    public void Code_is_never_writable_and_goes_with_the_launch()
    {
        string[] before = Executable();
        LaunchPlanBuilder plan = new();
        int gate = plan.Gate("wait for the launcher");
        plan.Execute("/bin/true");
        using PendingLaunch pending = Launcher.Begin(plan.Build());
        pending.WaitForGate(gate);

        string[] code = [.. Executable().Except(before)];

        Assert.NotEmpty(code);
        Assert.All(code, mapping => Assert.Contains(" r-xp ", mapping, StringComparison.Ordinal));
        pending.OpenGate();
        using LaunchedProcess process = pending.Complete();
        Launches.Wait(process);
        Assert.DoesNotContain(Executable(), mapping => code.Contains(mapping));
    }

    /// <summary>
    /// A line of /proc/self/maps tells of code like a launch's: it is anonymous, while the runtime's has a name or a file.
    /// </summary>
    internal static bool IsOfLaunches(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, [_, _, 'x', _], .., "0"];

    private static string[] Executable() => [.. File.ReadAllLines("/proc/self/maps").Where(IsOfLaunches)];

    // A filter that forbids what such a kernel forbids. It tells the launch's code from the runtime's own by its size.
    [Fact]
    public void Where_written_memory_may_not_be_executed_the_error_says_so()
    {
        const int Read = 1;
        const int Execute = 4;
        const int Steps = 20_000;
        const uint Large = 500_000;
        LaunchPlanBuilder plan = new();
        for (int i = 0; i < Steps; i++)
        {
            plan.Call("ask for the user", Syscall.getuid);
        }

        LaunchPlan built = plan.Build();
        using (LaunchedProcess process = Launcher.Launch(built))
        {
            Assert.Equal(0, Launches.Wait(process));
        }

        KernelException? refused = null;
        CallFilter.Run(
            new CallFilter(Syscall.mprotect, Errno.EACCES) { Second = Large, Third = Read | Execute },
            () => refused = Assert.Throws<KernelException>(() => Launcher.Launch(built))
        );

        Assert.Equal(
            "make the launch's code executable: EACCES (this system forbids executing memory that was written: "
                + "allow SELinux's execmem, or unset MemoryDenyWriteExecute for this program)",
            refused!.Message
        );
    }
}
