using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>
/// Where everything that a plan's code refers to lies: the control block, slots, scratch memory, constants. Offsets are
/// known first, addresses once the memory has been found.
/// </summary>
internal sealed class MemoryLayout
{
    /// <summary>The most arguments that a system call has.</summary>
    private const int MostArguments = 6;

    private readonly int[] scratchOffsets;
    private readonly int[] constants;
    private readonly int first;
    private readonly List<(int Offset, ReadOnlyMemory<byte> Bytes)> blobs;
    private readonly List<(TextBlock Block, int Bytes, int Array)> arrays = [];
    private readonly LaunchPlan plan;

    /// <summary>Lays out a plan, or the part of it that has an image of its own.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trace">The steps' end times are noted.</param>
    /// <param name="architecture">The processor.</param>
    /// <param name="sealedPart">The steps behind the seal, not those up to it.</param>
    public MemoryLayout(LaunchPlan plan, bool trace, CpuArchitecture architecture, bool sealedPart = false)
    {
        this.plan = plan;
        int seal = plan.Sealed?.Seal ?? plan.Steps.Length - 1;
        int end = ControlBlock.Slots + (plan.Slots.Length * 8);
        TraceOffset = end = Align(end, 16);
        if (trace)
        {
            end += (plan.Steps.Length + 1) * 16;
        }

        scratchOffsets = new int[plan.Scratch.Length];
        for (int i = 0; i < scratchOffsets.Length; i++)
        {
            if (plan.Sealed is null || plan.Sealed.Uses(plan.Scratch[i]) == sealedPart)
            {
                scratchOffsets[i] = end = Align(end, 16);
                end += plan.Scratch[i].Content.Length;
            }
        }

        first = sealedPart ? seal + 1 : 0;
        int behind = sealedPart ? plan.Steps.Length : seal + 1;
        constants = new int[(behind - first) * MostArguments];
        blobs = new(behind - first);
        for (int i = first; i < behind; i++)
        {
            if (CallOf(plan.Steps[i]) is { } call)
            {
                for (int k = 0; k < call.Arguments.Length; k++)
                {
                    Place(call.Arguments[k], ((i - first) * MostArguments) + k, architecture, ref end);
                }
            }
        }

        Size = Align(end, 16);
    }

    /// <summary>The size of all data in bytes.</summary>
    public int Size { get; }

    /// <summary>Where the steps' end times go, a timespec each, the first one being the start.</summary>
    public int TraceOffset { get; }

    /// <summary>The offset of a slot.</summary>
    public static int OffsetOf(Slot slot) => ControlBlock.Slots + (slot.Index * 8);

    /// <summary>The offset of scratch memory.</summary>
    public int OffsetOf(Scratch scratch) => scratchOffsets[scratch.Index];

    /// <summary>The offset of the constant that an argument of a step points to.</summary>
    public int OffsetOfConstant(int step, int argument) => constants[((step - first) * MostArguments) + argument];

    /// <summary>Fills memory that will be at <paramref name="address"/> with what the code expects to find at its start.</summary>
    public void Write(Span<byte> data, ulong address)
    {
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data[ControlBlock.Progress..], ControlBlock.Running);
        BinaryPrimitives.WriteUInt32LittleEndian(data[ControlBlock.Holding..], ControlBlock.Making);
        BinaryPrimitives.WriteUInt64LittleEndian(data[ControlBlock.FullMask..], ulong.MaxValue);
        for (int i = 0; i < scratchOffsets.Length; i++)
        {
            // At the control block's place is what the other part uses.
            if (scratchOffsets[i] > 0)
            {
                plan.Scratch[i].Content.Span.CopyTo(data[scratchOffsets[i]..]);
            }
        }

        foreach ((int offset, ReadOnlyMemory<byte> bytes) in blobs)
        {
            bytes.Span.CopyTo(data[offset..]);
        }

        foreach ((TextBlock block, int bytes, int array) in arrays)
        {
            block.Bytes.Span.CopyTo(data[bytes..]);
            for (int i = 0; i < block.Offsets.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(
                    data[(array + (i * sizeof(ulong)))..],
                    address + (ulong)(bytes + block.Offsets[i])
                );
            }
        }
    }

    private static CallStep? CallOf(Step step) => step is SealStep seal ? seal.Execution : step as CallStep;

    private static int Align(int value, int to) => (value + to - 1) & -to;

    private void Place(Argument argument, int key, CpuArchitecture architecture, ref int end)
    {
        if (argument.Kind == ArgumentKind.Bytes)
        {
            end = Align(end, argument.IsText ? 1 : 8);
            constants[key] = end;
            ReadOnlyMemory<byte> bytes = argument.BlobFor(architecture);
            blobs.Add((end, bytes));
            end += bytes.Length;
        }
        else if (argument.Kind == ArgumentKind.Texts)
        {
            constants[key] = Place(argument.Block!, ref end);
        }
    }

    // A program that is looked for in many directories has the same arguments and environment in each.
    private int Place(TextBlock block, ref int end)
    {
        foreach ((TextBlock placed, _, int array) in arrays)
        {
            if (ReferenceEquals(placed, block))
            {
                return array;
            }
        }

        int bytes = end;
        end = Align(end + block.Bytes.Length, sizeof(ulong));
        arrays.Add((block, bytes, end));
        end += block.ArraySize;
        return arrays[^1].Array;
    }
}
