using System.Text.Json;
using Tare.Launch;
using Tare.Launch.Assembly;
using Tare.Launch.Printing;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning.Laws;

/// <summary>What holds for every plan of a container and of a program that is added to one.</summary>
internal static class PlanLaws
{
    public static void Check(PlannedLaunch planned, ValidatedProcess process, LaunchContext context)
    {
        DataLaws.Check(planned.Plan);
        PathLaws.Check(planned.Plan);
        ProgramLaws.Check(planned.Plan, process, context);
        Print(planned.Plan);
        Assemble(planned.Plan, CpuArchitecture.X64, new X64Encoder());
        Assemble(planned.Plan, CpuArchitecture.Arm64, new Arm64Encoder());
    }

    /// <summary>A plan can be read by people, a line for each thing, and by programs.</summary>
    public static void Print(LaunchPlan plan)
    {
        string text = LaunchPlanText.Format(plan);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.All(plan.Steps, step => Assert.NotEqual("", step.Words));
        using JsonDocument json = JsonDocument.Parse(LaunchPlanJson.Format(plan));
        Assert.Equal(plan.Steps.Length, json.RootElement.GetProperty("steps").GetArrayLength());
    }

    /// <summary>A plan has code for an architecture.</summary>
    private static void Assemble(LaunchPlan plan, CpuArchitecture architecture, InstructionEncoder code)
    {
        const ulong Address = 0x7f00_0000_0000;
        MemoryLayout layout = new(plan, trace: false, architecture);
        layout.Write(new byte[layout.Size], Address);
        CodeGenerator.Launch(plan, layout, code, Address, trace: false, killBefore: -1);
        Assert.NotEqual(0, code.Length);
    }
}
