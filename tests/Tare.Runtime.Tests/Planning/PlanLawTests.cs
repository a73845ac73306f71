using CsCheck;
using Tare.Launch.Printing;
using Tare.Runtime.Planning;
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
                PlanLaws.Check(ContainerPlanner.Plan(spec, container.Context), spec.Process, container.Context);
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
                Assert.True(planned.Plan.Undumpable);
            },
            iter: Chance.Iterations(150),
            time: Chance.Seconds
        );
}
