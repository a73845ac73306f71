using System.Diagnostics;
using Tare.Bench.Measuring;
using Tare.Launch;
using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Bench.Subjects;

/// <summary>
/// A container launched from this process, its plan and its cgroups made once: from the assembling of the plan to the end of
/// the program.
/// </summary>
internal sealed class LaunchSubject : Subject
{
    private readonly Rollback rollback = new();
    private readonly LaunchInputs inputs = new();
    private readonly PlannedLaunch planned;

    public LaunchSubject(string name, ValidatedSpec spec, string id)
        : base(name)
    {
        ContainerId container = ContainerId.Parse(id);
        ContainerCgroup cgroup = ContainerCgroup.Open(CgroupChoice.Places(HostCgroups.Read(), null, container));
        rollback.Push(cgroup.Dispose);
        cgroup.Survey();
        cgroup.Make(rollback);
        cgroup.Apply(spec.Resources);
        planned = BundlePlan.Of(spec, cgroup, new CreateRequest { Id = container, Bundle = spec.Bundle });
        if (planned.Inputs.CgroupDirectory is { } slot)
        {
            inputs.Add(slot, cgroup.OpenUnified()!);
        }

        foreach ((Slot entrance, FileFd file) in planned.Inputs.CgroupProcs.Zip(cgroup.OpenEntrances()))
        {
            inputs.Add(entrance, file);
        }

        if (planned.Inputs.Mark is { } mark)
        {
            // Any file will do: the child only closes it.
            inputs.Add(mark, MemFds.Create("mark").OrThrow("make a file"));
        }
    }

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        long begin = Stopwatch.GetTimestamp();
        using LaunchedProcess process = Launcher.Launch(planned.Plan, inputs);
        WaitOutcome outcome = PidFds.Wait(process.Process).OrThrow("wait for the container")!.Value;
        TimeSpan taken = Stopwatch.GetElapsedTime(begin);
        return outcome.Status.Success ? taken : throw new BenchException($"the container ended with {outcome.Status}");
    }

    /// <inheritdoc/>
    protected override void End() => rollback.Dispose();
}
