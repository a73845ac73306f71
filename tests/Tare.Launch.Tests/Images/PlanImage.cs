using System.Buffers.Binary;
using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Images;

/// <summary>A program that does what a plan's child does, from its first instruction on.</summary>
internal static class PlanImage
{
    public static byte[] Write(
        LaunchPlan plan,
        CpuArchitecture architecture,
        params ReadOnlySpan<(Slot Slot, long Value)> inputs
    )
    {
        MemoryLayout layout = new(plan, trace: false, architecture);
        byte[] data = new byte[layout.Size];
        layout.Write(data, ElfImage.DataAddress);
        foreach ((Slot slot, long value) in inputs)
        {
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(MemoryLayout.OffsetOf(slot)), value);
        }

        InstructionEncoder code = Encoder(architecture);
        code.LoadArgument(0, (long)ElfImage.DataAddress);
        CodeGenerator.ChildOnly(plan, layout, code, ElfImage.DataAddress);
        return ElfImage.Write(architecture, code.Code, data);
    }

    /// <summary>The same for the part of a plan that has an image of its own.</summary>
    public static byte[] WriteSealed(
        LaunchPlan plan,
        CpuArchitecture architecture,
        params (Slot Slot, long Value)[] inputs
    ) =>
        SealedImage.Write(
            plan,
            Encoder(architecture),
            slot => inputs.Single(input => input.Slot == slot).Value,
            killBefore: -1,
            launcher: -1
        );

    public static InstructionEncoder Encoder(CpuArchitecture architecture) =>
        architecture == CpuArchitecture.X64 ? new X64Encoder() : new Arm64Encoder();
}
