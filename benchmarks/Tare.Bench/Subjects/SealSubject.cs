using System.Diagnostics;
using Tare.Bench.Measuring;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Bench.Subjects;

/// <summary>The smallest launch there is, whose end is sealed or not: what is between the two is what being unreachable costs.</summary>
internal sealed class SealSubject : Subject
{
    private readonly LaunchPlan plan;

    public SealSubject(string name, string program, bool isSealed)
        : base(name)
    {
        LaunchPlanBuilder builder = new();
        if (isSealed)
        {
            builder.Seal("go on alone");
        }

        builder.Call(
            $"execute '{program}'",
            Syscall.execve,
            program,
            Argument.Texts(["true"]),
            Argument.Texts(Command.Environment)
        );
        plan = builder.Build();
    }

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        long begin = Stopwatch.GetTimestamp();
        using LaunchedProcess process = Launcher.Launch(plan, new LaunchInputs());
        PidFds.Wait(process.Process).OrThrow("wait for", Name);
        return Stopwatch.GetElapsedTime(begin);
    }
}
