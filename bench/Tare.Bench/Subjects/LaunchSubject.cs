using System.Diagnostics;
using Tare.Bench.Measuring;
using Tare.Launch;
using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.Cgroups;
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
        CgroupLayout layout = CgroupLayout.Read().OrThrow("read which cgroups there are");
        ContainerCgroup cgroup = ContainerCgroup.Open(layout.Hierarchies.Select(hierarchy => PlaceIn(hierarchy, id)));
        rollback.Push(cgroup.Dispose);
        cgroup.Make(rollback);
        cgroup.Apply(spec.Resources);
        planned = ContainerPlanner.Plan(
            spec,
            new LaunchContext
            {
                Root = new DirectoryRoot(spec.Root.Path),
                Cgroup = new CgroupEntry.Joined(
                    layout.Unified is not null,
                    [.. layout.Hierarchies.Where(hierarchy => hierarchy.Version == 1).Select(NameOf)]
                ),
                CgroupView = ViewOf(layout, id),
                DefaultEnvironment = ["HOME=/root"],
            }
        );
        if (planned.Inputs.CgroupDirectory is { } slot)
        {
            inputs.Add(slot, cgroup.OpenUnified()!);
        }

        foreach ((Slot entrance, FileFd file) in planned.Inputs.CgroupProcs.Zip(cgroup.OpenEntrances()))
        {
            inputs.Add(entrance, file);
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

    private static CgroupPlace PlaceIn(Linux.CgroupHierarchy hierarchy, string id)
    {
        string controller =
            hierarchy.Version == 2 ? ""
            : hierarchy.Name is { } name ? $"name={name}"
            : string.Join(',', hierarchy.Controllers);
        return new CgroupPlace(hierarchy.MountPoint, controller, id, 1);
    }

    private static CgroupView ViewOf(CgroupLayout layout, string id) =>
        layout.Mode == CgroupMode.Unified
            ? new CgroupView.Unified($"{layout.Unified!.MountPoint}/{id}")
            : new CgroupView.Split([
                .. layout
                    .Hierarchies.Where(hierarchy => hierarchy.Version == 1)
                    .Select(hierarchy => new CgroupHierarchyView(
                        NameOf(hierarchy),
                        NameOf(hierarchy),
                        $"{hierarchy.MountPoint}/{id}",
                        []
                    )),
            ]);

    private static string NameOf(Linux.CgroupHierarchy hierarchy) =>
        hierarchy.MountPoint[(hierarchy.MountPoint.LastIndexOf('/') + 1)..];
}
