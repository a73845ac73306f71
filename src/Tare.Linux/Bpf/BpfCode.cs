using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Writes a program for the kernel's virtual machine, instruction by instruction; the kernel checks it when it is loaded. Its
/// argument is in R1, its result in R0. Documentation/bpf/standardization/instruction-set.
/// </summary>
public sealed class BpfCode
{
    private const byte LoadMemory = 0x61; // LDX | MEM
    private const byte StoreRegister = 0x63; // STX | MEM
    private const byte StoreNumber = 0x62; // ST | MEM
    private const byte LoadLong = 0x18; // LD | IMM | DW
    private const byte Computing = 0x07; // ALU64
    private const byte ComputingNarrow = 0x04; // ALU
    private const byte Jumping = 0x05; // JMP
    private const byte JumpingNarrow = 0x06; // JMP32
    private const byte OfRegister = 0x08; // X
    private const byte Moving = 0xb0;
    private const byte Calling = 0x85;
    private const byte Exiting = 0x95;
    private const int FromMap = 1; // BPF_PSEUDO_MAP_FD

    private readonly List<long> code = [];
    private readonly List<(int Place, BpfLabel Target)> jumps = [];
    private readonly List<BpfMapFd> maps = [];

    /// <summary>How many instructions there are.</summary>
    public int Length => code.Count;

    /// <summary>Loads from memory.</summary>
    public BpfCode Load(BpfSize size, BpfRegister target, BpfRegister address, int offset = 0) =>
        Add((byte)(LoadMemory | (byte)size), target, address, offset, 0);

    /// <summary>Stores a register.</summary>
    public BpfCode Store(BpfSize size, BpfRegister address, int offset, BpfRegister source) =>
        Add((byte)(StoreRegister | (byte)size), address, source, offset, 0);

    /// <summary>Stores a number.</summary>
    public BpfCode Store(BpfSize size, BpfRegister address, int offset, int value) =>
        Add((byte)(StoreNumber | (byte)size), address, default, offset, value);

    /// <summary>Sets a register to a number, whose sign is kept.</summary>
    public BpfCode Set(BpfRegister target, int value) => Add(Moving | Computing, target, default, 0, value);

    /// <summary>Sets a register to another's value; narrow: its lower half.</summary>
    public BpfCode Set(BpfRegister target, BpfRegister source, bool narrow = false) =>
        Add((byte)(Moving | OfRegister | (narrow ? ComputingNarrow : Computing)), target, source, 0, 0);

    /// <summary>Sets a register to a number of 64 bits. Two instructions.</summary>
    public BpfCode SetLong(BpfRegister target, ulong value) => AddLong(target, 0, (uint)value, (uint)(value >> 32));

    /// <summary>Sets a register to a map, for helpers. It must stay open until the program is loaded. Two instructions.</summary>
    public BpfCode Set(BpfRegister target, BpfMapFd map)
    {
        ArgumentNullException.ThrowIfNull(map);
        maps.Add(map);
        return AddLong(target, FromMap, (uint)map.Number, 0);
    }

    /// <summary>Computes with a number; narrow: with the lower half, and the upper is zero then.</summary>
    public BpfCode Do(BpfOperation operation, BpfRegister target, int value, bool narrow = false) =>
        Add((byte)((byte)operation | (narrow ? ComputingNarrow : Computing)), target, default, 0, value);

    /// <summary>Computes with a register.</summary>
    public BpfCode Do(BpfOperation operation, BpfRegister target, BpfRegister source, bool narrow = false) =>
        Add((byte)((byte)operation | OfRegister | (narrow ? ComputingNarrow : Computing)), target, source, 0, 0);

    /// <summary>Calls a helper with R1 to R5; its result is in R0, and R1 to R5 hold nothing then.</summary>
    public BpfCode Call(BpfFunction helper) => Add(Calling, default, default, 0, (int)helper);

    /// <summary>Jumps forwards where a register compares so with a number, whose sign is kept; narrow (Linux 5.1): the lower halves.</summary>
    public BpfCode JumpIf(BpfCondition condition, BpfRegister left, int right, BpfLabel target, bool narrow = false) =>
        Jump((byte)((byte)condition | (narrow ? JumpingNarrow : Jumping)), left, default, right, target);

    /// <summary>Jumps forwards where two registers compare so.</summary>
    public BpfCode JumpIf(
        BpfCondition condition,
        BpfRegister left,
        BpfRegister right,
        BpfLabel target,
        bool narrow = false
    ) => Jump((byte)((byte)condition | OfRegister | (narrow ? JumpingNarrow : Jumping)), left, right, 0, target);

    /// <summary>Jumps forwards.</summary>
    public BpfCode Jump(BpfLabel target) => Jump(Jumping, default, default, 0, target);

    /// <summary>The next instruction is where a label leads.</summary>
    public BpfCode Mark(BpfLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        label.Place = code.Count;
        return this;
    }

    /// <summary>Ends the program with what R0 holds.</summary>
    public BpfCode Return() => Add(Exiting, default, default, 0, 0);

    /// <summary>Ends the program with a number.</summary>
    public BpfCode Return(int value) => Set(BpfRegister.R0, value).Return();

    /// <summary>The program, 8 bytes an instruction, in this machine's byte order.</summary>
    /// <exception cref="InvalidOperationException">A label leads nowhere, or too far.</exception>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[code.Count * sizeof(long)];
        for (int i = 0; i < code.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), code[i]);
        }

        foreach ((int place, BpfLabel target) in jumps)
        {
            int distance = target.Place - place - 1;
            if (target.Place < 0 || distance is < 0 or > short.MaxValue || target.Place >= code.Count)
            {
                throw new InvalidOperationException($"the jump at {place} leads nowhere, back, or too far");
            }

            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan((place * sizeof(long)) + 2), (short)distance);
        }

        GC.KeepAlive(maps);
        return bytes;
    }

    private BpfCode Jump(byte operation, BpfRegister left, BpfRegister right, int value, BpfLabel target)
    {
        ArgumentNullException.ThrowIfNull(target);
        jumps.Add((code.Count, target));
        return Add(operation, left, right, 0, value);
    }

    private BpfCode AddLong(BpfRegister target, int kind, uint low, uint high)
    {
        Add(LoadLong, target, (BpfRegister)kind, 0, (int)low);
        return Add(0, default, default, 0, (int)high);
    }

    private BpfCode Add(byte operation, BpfRegister target, BpfRegister source, int offset, int value)
    {
        code.Add(
            operation
                | ((long)((byte)target | ((byte)source << 4)) << 8)
                | ((long)(ushort)checked((short)offset) << 16)
                | ((long)(uint)value << 32)
        );
        return this;
    }
}
