using System.Buffers.Binary;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Launches from begin to end.</summary>
internal static class Launches
{
    /// <summary>Launches a plan; opens its gates as the child comes to them.</summary>
    public static LaunchedProcess Make(LaunchPlan plan, LaunchInputs? inputs = null, LaunchOptions? options = null)
    {
        if (!plan.WaitsForParent)
        {
            return Launcher.Launch(plan, inputs, options);
        }

        using PendingLaunch pending = Launcher.Begin(plan, inputs, options);
        foreach (GateStep gate in plan.Steps.OfType<GateStep>())
        {
            pending.WaitForGate(gate.Gate);
            pending.OpenGate();
        }

        return pending.Complete();
    }

    /// <summary>Waits for the end; gives the exit code as a shell would.</summary>
    public static int Wait(LaunchedProcess process) =>
        PidFds.Wait(process.Process).OrThrow("wait")!.Value.Status.ToShellStatus();

    /// <summary>
    /// Launches a plan that executes a program which the caller has not added yet, and gives what it writes to standard
    /// output. It must exit with 0.
    /// </summary>
    public static string Output(LaunchPlanBuilder plan, Action<LaunchPlanBuilder> program, LaunchInputs? inputs = null)
    {
        Slot output = plan.NewInput("standard output");
        plan.Call("take standard output", Syscall.dup3, output, 1, 0);
        program(plan);
        using PipePair pipe = Pipes.Create().OrThrow("pipe");
        using LaunchedProcess process = Make(plan.Build(), (inputs ?? new LaunchInputs()).Add(output, pipe.WriteEnd));
        pipe.WriteEnd.Dispose();
        string text = Encoding.UTF8.GetString(Files.ReadToEnd(pipe.ReadEnd, 1 << 20).OrThrow("read"));
        Assert.Equal(0, Wait(process));
        return text;
    }

    /// <summary>Reads the 8 bytes that <see cref="PlanSteps.TellNumber"/> writes.</summary>
    public static int ReadNumber(PipeFd pipe)
    {
        byte[] bytes = new byte[8];
        Assert.Equal(8, Files.Read(pipe, bytes).OrThrow("read"));
        return (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Waits until a process waits for something.</summary>
    public static void WaitUntilAsleep(int processId) =>
        Assert.True(
            SpinWait.SpinUntil(
                () => ProcStat.Read(processId) is { Ok: true, Value.State: 'S' },
                TimeSpan.FromMinutes(1)
            )
        );

    /// <summary>There is no process of that number, not even one that waits to be reaped.</summary>
    public static bool IsGone(int processId) => ProcStat.Read(processId).Errno is Errno.ENOENT or Errno.ESRCH;

    /// <summary>The numbers of this process's children, the dead that nobody reaped among them.</summary>
    public static int[] Children() => ChildrenOf(Environment.ProcessId);

    /// <summary>The numbers of a process's children, the dead that nobody reaped among them.</summary>
    public static int[] ChildrenOf(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), out int number) ? number : 0)
                .Where(number =>
                    number > 0 && ProcStat.Read(number) is { Ok: true } stat && stat.Value.ParentId == parent
                ),
        ];
}
