using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Images;

/// <summary>What the code of a plan does, run by a processor or its emulator.</summary>
public sealed class ExecutedPlanTests
{
    public static TheoryData<CpuArchitecture> Architectures => [CpuArchitecture.X64, CpuArchitecture.Arm64];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Calls_run_in_order_and_the_plan_may_end_the_process(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Say(plan, "one\n");
        Say(plan, "two\n");
        plan.Call("end", Syscall.exit_group, 7);

        ToolResult result = PlanRun.Run(plan.Build(), architecture);

        Assert.Equal((7, "one\ntwo\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_plan_that_has_nothing_left_to_do_ends_well(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Say(plan, "done\n");

        ToolResult result = PlanRun.Run(plan.Build(), architecture);

        Assert.Equal((0, "done\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_tolerated_errno_is_kept_in_the_slot(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot result = plan.NewSlot("the result");
        Scratch seen = plan.NewScratch("the result as it was kept", 8);
        plan.Add(
            new CallStep("open a file", Syscall.openat, [Argument.WorkingDirectory, "/does/not/exist", 0, 0])
            {
                Result = result,
                Tolerated = [Errno.EACCES, Errno.ENOENT],
            }
        );
        plan.Add(new StoreStep("keep it", result, seen, 0, 8));
        plan.Add(new CheckStep("it is ENOENT", seen, 0, 8, ulong.MaxValue, unchecked((ulong)-2)));
        Say(plan, "ENOENT\n");

        Assert.Equal("ENOENT\n", PlanRun.Run(plan.Build(), architecture).ShouldSucceed().Output);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void An_errno_leads_to_its_alternative_and_no_other(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Label other = plan.NewLabel("another errno");
        Label missing = plan.NewLabel("the file is missing");
        Label end = plan.NewLabel("the end");
        plan.Add(
            new CallStep("open a file", Syscall.openat, [Argument.WorkingDirectory, "/does/not/exist", 0, 0])
            {
                Branches = [new Branch(Errno.EACCES, other), new Branch(Errno.ENOENT, missing)],
            }
        );
        Say(plan, "opened\n");
        plan.Place(other);
        Say(plan, "another\n");
        plan.Place(missing);
        Say(plan, "missing\n");
        plan.Add(new JumpStep("that was all", end));
        Say(plan, "jumped over\n");
        plan.Place(end);
        Say(plan, "end\n");

        Assert.Equal("missing\nend\n", PlanRun.Run(plan.Build(), architecture).ShouldSucceed().Output);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_failing_call_is_reported_with_its_step_and_errno(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        plan.Call("have a number", Syscall.getpid);
        plan.Call("have another", Syscall.getppid);
        plan.Call("enter a directory", Syscall.chdir, "/dev/null");
        Say(plan, "never said");

        AssertReport(PlanRun.Run(plan.Build(), architecture, (report, 1)), 2, Errno.ENOTDIR);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_failed_check_is_reported_with_the_errno_that_it_names(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        Scratch memory = plan.NewScratch("memory", [1, 2, 3, 4]);
        plan.Add(new CheckStep("it is two", memory, 1, 1, 0xFF, 2));
        plan.Add(new CheckStep("it is four", memory, 2, 1, 0xFF, 4) { Failure = Errno.ENOTEMPTY });
        Say(plan, "never said");

        AssertReport(PlanRun.Run(plan.Build(), architecture, (report, 1)), 1, Errno.ENOTEMPTY);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_end_of_a_row_of_alternatives_is_reported(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        plan.Add(new FailStep("find one", Errno.ENODEV));

        AssertReport(PlanRun.Run(plan.Build(), architecture, (report, 1)), 0, Errno.ENODEV);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_result_is_handed_on_through_a_slot_and_bytes_through_memory(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot file = plan.NewSlot("a file in memory");
        Slot word = plan.NewSlot("eight bytes");
        plan.CallInto(file, "make a file", Syscall.memfd_create, "plan", 0);
        plan.Call("write it", Syscall.write, file, "ABCDEFG\n", 8);
        plan.Call("go back", Syscall.lseek, file, 0, 0);
        plan.Call("read it", Syscall.read, file, Argument.AddressOf(word), 8);
        plan.Call("say it", Syscall.write, 1, Argument.AddressOf(word), 8);

        Assert.Equal("ABCDEFG\n", PlanRun.Run(plan.Build(), architecture).ShouldSucceed().Output);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Pointers_and_fields_of_a_struct_are_filled_while_it_runs(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Scratch text = plan.NewScratch("text", "said by writev\n"u8);
        Scratch vector = plan.NewScratch("iovec", 16);
        Slot length = plan.NewInput("its length");
        plan.Add(new AddressStep("point to the text", text, vector, 0));
        plan.Add(new StoreStep("say how long it is", length, vector, 8, 4));
        plan.Call("say it", Syscall.writev, 1, vector, 1);

        ToolResult result = PlanRun.Run(plan.Build(), architecture, (length, 15));

        Assert.Equal("said by writev\n", result.ShouldSucceed().Output);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_slot_far_from_the_control_block_is_reached(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Slot last = Enumerable.Range(0, 9000).Select(i => plan.NewSlot($"slot {i}")).Last();
        plan.CallInto(last, "write", Syscall.write, 1, "12345", 5);
        plan.Call("end with what was written", Syscall.exit_group, last);

        Assert.Equal(5, PlanRun.Run(plan.Build(), architecture).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void O_DIRECTORY_has_the_value_of_the_architecture(CpuArchitecture architecture)
    {
        LaunchPlanBuilder plan = new();
        Label refused = plan.NewLabel("it is no directory");
        OpenFlags flags = OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
        plan.Add(
            new CallStep("open", Syscall.openat, [Argument.WorkingDirectory, "/dev/null", Argument.Flags(flags), 0])
            {
                Branches = [new Branch(Errno.ENOTDIR, refused)],
            }
        );
        plan.Add(new FailStep("be refused", Errno.EISDIR));
        plan.Place(refused);
        Say(plan, "ENOTDIR\n");

        Assert.Equal("ENOTDIR\n", PlanRun.Run(plan.Build(), architecture).ShouldSucceed().Output);
    }

    [Fact]
    public void A_call_that_arm64_lacks_leads_to_its_alternative()
    {
        LaunchPlanBuilder plan = new();
        Label lacking = plan.NewLabel("there is no getpgrp");
        plan.Add(new CallStep("ask", Syscall.getpgrp, []) { Branches = [new Branch(Errno.ENOSYS, lacking)] });
        plan.Add(new FailStep("lack getpgrp", Errno.EEXIST));
        plan.Place(lacking);
        Say(plan, "ENOSYS\n");

        Assert.Equal("ENOSYS\n", PlanRun.Run(plan.Build(), CpuArchitecture.Arm64).ShouldSucceed().Output);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Checks_decide_as_arithmetic_does(CpuArchitecture architecture)
    {
        // Of each case it is known what the check must find; a wrong decision ends the program at once.
        Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 3], Gen.Int[0, 8], Gen.ULong, Gen.Bool, Gen.ULong)
            .Array[200]
            .Sample(
                cases =>
                {
                    LaunchPlanBuilder plan = new();
                    foreach ((byte[] bytes, int power, int offset, ulong mask, bool equal, ulong other) in cases)
                    {
                        int width = 1 << power;
                        Scratch memory = plan.NewScratch("memory", bytes);
                        byte[] wide = new byte[8];
                        bytes.AsSpan(offset, width).CopyTo(wide);
                        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(wide) & mask;
                        ulong expected = equal ? value : other;
                        plan.Add(
                            new CheckStep("check", memory, offset, width, mask, expected)
                            {
                                MustDiffer = value != expected,
                            }
                        );
                    }

                    PlanRun.Run(plan.Build(), architecture).ShouldSucceed();
                },
                iter: 5
            );
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Constants_reach_the_kernel_whole(CpuArchitecture architecture)
    {
        // lseek gives the offset back that it was given, so long as it is positive.
        Gen.Select(Gen.Long, Gen.Int[0, 62])
            .Select((value, shift) => (value & long.MaxValue) >> shift)
            .Array[100]
            .Sample(
                values =>
                {
                    LaunchPlanBuilder plan = new();
                    Slot file = plan.NewSlot("a file");
                    Slot position = plan.NewSlot("its position");
                    Scratch seen = plan.NewScratch("the position as the kernel has it", 8);
                    plan.CallInto(file, "make a file", Syscall.memfd_create, "plan", 0);
                    foreach (long value in values)
                    {
                        plan.CallInto(position, "go there", Syscall.lseek, file, value, 0);
                        plan.Add(new StoreStep("keep the position", position, seen, 0, 8));
                        plan.Add(new CheckStep("it is there", seen, 0, 8, ulong.MaxValue, (ulong)value));
                    }

                    PlanRun.Run(plan.Build(), architecture).ShouldSucceed();
                },
                iter: 5
            );
    }

    private static void Say(LaunchPlanBuilder plan, string text) =>
        plan.Call($"say {text}", Syscall.write, 1, text, text.Length);

    private static void AssertReport(ToolResult result, int step, Errno errno)
    {
        byte[] report = Encoding.UTF8.GetBytes(result.Output.TrimEnd('\n'));
        Assert.Equal(16, report.Length);
        Assert.Equal(125, result.ExitCode);
        Assert.Equal(step, BinaryPrimitives.ReadInt64LittleEndian(report));
        Assert.Equal(errno, (Errno)BinaryPrimitives.ReadInt64LittleEndian(report.AsSpan(8)));
    }
}
