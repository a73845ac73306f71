using System.Globalization;
using CsCheck;
using Tare.Launch.Assembly;
using Tare.Launch.Printing;
using Tare.Launch.Tests.Printing;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>What an encoder writes, instruction by instruction, against what binutils reads.</summary>
public sealed class ListingTests
{
    private const ulong Address = 0x7f12_3456_7000;

    [Theory]
    [InlineData(CpuArchitecture.X64, false)]
    [InlineData(CpuArchitecture.X64, true)]
    [InlineData(CpuArchitecture.Arm64, false)]
    [InlineData(CpuArchitecture.Arm64, true)]
    public void The_code_of_a_plan_with_one_of_everything_is_what_its_steps_say(
        CpuArchitecture architecture,
        bool trace
    )
    {
        Disassembler.Require(architecture);
        Compare(SamplePlan.Make(), architecture, trace);
    }

    [Theory]
    [InlineData(CpuArchitecture.X64)]
    [InlineData(CpuArchitecture.Arm64)]
    public void The_code_of_any_plan_is_what_its_steps_say(CpuArchitecture architecture)
    {
        Disassembler.Require(architecture);
        RandomPlans.All.Sample(
            plan => Compare(plan, architecture, trace: false),
            iter: 60,
            print: LaunchPlanText.Format
        );
    }

    [Theory]
    [InlineData(CpuArchitecture.X64, false)]
    [InlineData(CpuArchitecture.X64, true)]
    [InlineData(CpuArchitecture.Arm64, false)]
    [InlineData(CpuArchitecture.Arm64, true)]
    public void The_code_of_a_plan_that_is_sealed_is_what_its_steps_say(CpuArchitecture architecture, bool reports)
    {
        Disassembler.Require(architecture);
        LaunchPlanBuilder builder = new();
        builder.Call("ask for the user", Syscall.getuid);
        builder.Seal("go on alone");
        Slot word = builder.NewInput("the word");
        Scratch memory = builder.NewScratch("what was said", 1);
        builder.Call("wait for the word", Syscall.read, word, memory, 1);
        builder.Add(new SpawnStep("go on in another process", CloneFlags.None));
        if (reports)
        {
            builder.FailureReport = builder.NewInput("the report");
        }

        builder.Call("execute it", Syscall.execve, "/bin/sh", Argument.Texts(["sh"]), Argument.Texts([]));
        LaunchPlan plan = builder.Build();
        Compare(plan, architecture, trace: false);

        MemoryLayout layout = new(plan, trace: false, architecture, sealedPart: true);
        InstructionEncoder code = architecture == CpuArchitecture.X64 ? new X64Encoder() : new Arm64Encoder();
        CodeGenerator.Sealed(plan, layout, code, Address, killBefore: -1);
        Assembler text = architecture == CpuArchitecture.X64 ? new X64Assembler() : new Arm64Assembler();
        Compare(new ExpectedLaunch(plan, layout, Address, text).WriteSealed(), code, architecture);
    }

    [Fact]
    public void An_arm64_call_begins_with_its_number_in_x8()
    {
        Disassembler.Require(CpuArchitecture.Arm64);
        Arm64Encoder code = new();
        code.Syscall(435);

        Assert.Equal(
            ["mov x8, #0x1b3", "svc #0x0"],
            Disassembler.Read(code.Code, CpuArchitecture.Arm64).Select(instruction => instruction.Text)
        );
    }

    [Fact]
    public void An_arm64_constant_takes_one_instruction_for_each_16_bits_that_are_not_background() =>
        Gen.OneOf(Gen.Const(0UL), Gen.Const(0xFFFFUL), Gen.Const(0x1234UL))
            .Array[4]
            .Sample(parts =>
            {
                Arm64Encoder code = new();
                code.LoadArgument(3, (long)(parts[0] | (parts[1] << 16) | (parts[2] << 32) | (parts[3] << 48)));
                int shortest = Math.Min(parts.Count(part => part != 0), parts.Count(part => part != 0xFFFF));
                return code.Length == 4 * Math.Max(1, shortest);
            });

    private static void Compare(LaunchPlan plan, CpuArchitecture architecture, bool trace)
    {
        bool x64 = architecture == CpuArchitecture.X64;
        MemoryLayout layout = new(plan, trace, architecture);
        InstructionEncoder code = x64 ? new X64Encoder() : new Arm64Encoder();
        CodeGenerator.Launch(plan, layout, code, Address, trace, killBefore: -1);
        Assembler text = x64 ? new X64Assembler() : new Arm64Assembler();
        Compare(new ExpectedLaunch(plan, layout, Address, text).Write(trace), code, architecture);
    }

    private static void Compare(
        IReadOnlyList<ExpectedLine> expected,
        InstructionEncoder code,
        CpuArchitecture architecture
    )
    {
        IReadOnlyList<Instruction> read = Disassembler.Read(code.Code, architecture);

        string[] lines =
        [
            .. expected.Select(line =>
                line.Target is { } target
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{line.Text}0x{read[Math.Min(target.Line, read.Count - 1)].Offset:x}"
                    )
                    : line.Text
            ),
        ];
        Assert.Equal(lines, read.Select(instruction => instruction.Text));
    }
}
