using System.Runtime.InteropServices;
using System.Text;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Images;

/// <summary>What the sealed part of a plan does, run by a processor or its emulator.</summary>
public sealed class SealedImageTests
{
    public static TheoryData<CpuArchitecture> Architectures => [CpuArchitecture.X64, CpuArchitecture.Arm64];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Only_the_steps_behind_the_seal_run(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        Say(plan, "outside\n");
        plan.Seal("go on alone");
        Say(plan, "inside\n");

        byte[] image = PlanImage.WriteSealed(plan.Build(), architecture, (report, 1));

        Assert.Equal("inside\n", PlanRun.Run(image, architecture).ShouldSucceed().Output);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void It_holds_no_constant_of_the_steps_before(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        Say(plan, "a path of the host");
        plan.Seal("go on alone");
        Say(plan, "a path of the container");

        string image = Encoding.Latin1.GetString(PlanImage.WriteSealed(plan.Build(), architecture, (report, 1)));

        Assert.Contains("a path of the container", image, StringComparison.Ordinal);
        Assert.DoesNotContain("a path of the host", image, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void It_holds_no_memory_of_the_steps_before(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        Say(plan, plan.NewScratch("outside", "memory of the host"u8));
        plan.Seal("go on alone");
        Say(plan, plan.NewScratch("inside", "memory of the container\n"u8));

        byte[] image = PlanImage.WriteSealed(plan.Build(), architecture, (report, 1));

        Assert.Equal("memory of the container\n", PlanRun.Run(image, architecture).ShouldSucceed().Output);
        Assert.DoesNotContain("memory of the host", Encoding.Latin1.GetString(image), StringComparison.Ordinal);
    }

    // qemu-user knows no clone3, so the other processor's code is only read: ListingTests.
    [Fact]
    public void A_failure_and_a_new_process_are_reported()
    {
        CpuArchitecture architecture =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64;
        LaunchPlanBuilder plan = new();
        plan.Seal("go on alone");
        plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        plan.Add(new FailStep("find one", Errno.ENODEV));

        LaunchPlan built = plan.Build();
        byte[] image = PlanImage.WriteSealed(built, architecture, (built.Slots[^1], 1));
        ToolResult result = PlanRun.Run(image, architecture);

        // Each number has eight bytes; those of the negated process number are no text.
        string failure = "\x02\0\0\0\0\0\0\0\x13\0\0\0\0\0\0\0";
        string output = result.ShouldSucceed().Output;
        Assert.Contains(failure, output, StringComparison.Ordinal);
        Assert.StartsWith("\x01\0\0\0\0\0\0\0", output.Replace(failure, "", StringComparison.Ordinal));
    }

    private static void Say(LaunchPlanBuilder plan, Scratch memory) =>
        plan.Call("say it", Syscall.write, 1, memory, memory.Content.Length);

    private static void Say(LaunchPlanBuilder plan, string text) =>
        plan.Call("say it", Syscall.write, 1, Argument.Struct(Encoding.ASCII.GetBytes(text)), text.Length);
}
