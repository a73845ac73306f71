using CsCheck;
using Tare.Launch;
using Tare.Launch.Printing;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.HostView;
using Tare.Runtime.Planning;
using Tare.Runtime.Tests.HostView;
using Tare.Runtime.Tests.Planning.Laws;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning;

/// <summary>Plans of specifications that chance made. TARE_FUZZ_SECONDS makes it go on for as long.</summary>
public sealed class PlanLawTests
{
    [Fact]
    public void Every_plan_of_a_container_keeps_the_laws() =>
        RandomSpecs.Containers.Sample(
            container =>
            {
                ValidatedSpec spec = Specs.Validate(container.Spec);
                PlannedLaunch planned = ContainerPlanner.Plan(spec, container.Context);
                PlanLaws.Check(planned, spec.Process, container.Context);
                MountLaws.Check(planned.Plan, spec);
            },
            iter: Chance.Iterations(150),
            time: Chance.Seconds,
            print: container => LaunchPlanText.Format(Specs.Steps(container.Spec, container.Context))
        );

    [Fact]
    public void Every_plan_of_an_added_program_keeps_the_laws() =>
        RandomSpecs.Programs.Sample(
            program =>
            {
                ValidatedProcess process = ProcessValidator.Validate(program.Process, "process");
                PlannedLaunch planned = ExecPlanner.Plan(process, program.Target, program.Context);
                PlanLaws.Check(planned, process, program.Context);
                Assert.True(planned.Plan.Undumpable || HidesBeforeItJoins(planned.Plan));
            },
            iter: Chance.Iterations(150),
            time: Chance.Seconds
        );

    [Fact]
    public void Every_view_of_a_machine_keeps_the_laws() =>
        RandomMachines.Layouts.Sample(
            layout =>
            {
                HostRoot root = new(layout);
                LaunchContext context = new()
                {
                    Root = root,
                    HasInit = true,
                    Privileged = layout.IsPrivileged,
                };
                RuntimeSpec spec = layout.IsPrivileged ? Specs.Default : Specs.Rootless;
                ValidatedSpec valid = Specs.Validate(spec);
                PlannedLaunch planned = ContainerPlanner.Plan(valid, context);
                PlanLaws.Check(planned, valid.Process, context);
                MountLaws.Check(planned.Plan, valid);

                // Where an overlay may be refused something else is shown, except for the root.
                IEnumerable<HostPart> overlaid = layout.Parts.Where(part => part.Kind == HostPartKind.CopyOnWrite);
                Assert.Equal(
                    overlaid.Select(part => part.Path).Where(path => path != "/"),
                    root.Fallbacks.Select(fallback => fallback.Part.Path)
                );
            },
            iter: Chance.Iterations(100),
            time: Chance.Seconds
        );

    private static bool HidesBeforeItJoins(LaunchPlan plan)
    {
        IEnumerable<Syscall> before = plan
            .Steps.OfType<CallStep>()
            .TakeWhile(step => step.Call != Syscall.setns)
            .Where(step => step.Words == "close the process to ptrace")
            .Select(step => step.Call);
        return plan.HidesItself && before.SequenceEqual([Syscall.prctl]);
    }
}
