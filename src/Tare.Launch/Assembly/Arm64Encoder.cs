using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>
/// AArch64. x19 holds the control block, x0 the result and the first argument, x8 the number of a call; x9 and x10 are
/// free between instructions of one method (svc changes no register but x0). Branches on a condition skip a plain
/// branch, so that every target within 128 MiB can be reached. Source: Arm Architecture Reference Manual (DDI 0487), C6.
/// </summary>
/// <remarks>
/// Instruction and data caches are not coherent here. The kernel cleans the one and invalidates the other when a page of
/// a process is first mapped executable (arch/arm64/mm/flush.c, __sync_icache_dcache), and only then: code must be written to
/// fresh memory, made executable once and never changed.
/// </remarks>
/// <inheritdoc />
internal sealed class Arm64Encoder(int steps = 64) : InstructionEncoder(steps)
{
    private const int Control = 19;
    private const int Value = 9;
    private const int Place = 10;
    private const int CallNumber = 8;
    private const int Zero = 31;

    // The unsigned offset of a 64-bit load or store has 12 bits and counts in eights.
    private const int LargestOffset = 4095 * 8;
    private const int Reach = 1 << 25;

    private enum Condition : uint
    {
        Equal = 0,
        NotEqual = 1,
        UnsignedLower = 3,
    }

    public override CpuArchitecture Architecture => CpuArchitecture.Arm64;

    public override void Enter()
    {
        Emit32(0xF81F_0FF3); // str x19, [sp, #-16]!
        Emit32(0xAA00_03F3); // mov x19, x0
    }

    public override void Leave(int offset)
    {
        LoadResult(offset);
        Emit32(0xF841_07F3); // ldr x19, [sp], #16
        Emit32(0xD65F_03C0); // ret
    }

    public override void LoadArgument(int index, long value) => Move(index, (ulong)value);

    public override void LoadArgumentFromControl(int index, int offset) => Load(index, offset);

    public override void Syscall(int number)
    {
        Move(CallNumber, (ulong)number);
        Emit32(0xD400_0001); // svc #0
    }

    public override void StoreResult(int offset) => Store(0, offset);

    public override void StoreNegatedResult(int offset)
    {
        Emit32(0xCB00_03E0 | Value); // neg x9, x0
        Store(Value, offset);
    }

    public override void LoadResult(int offset) => Load(0, offset);

    public override void StoreImmediate(int offset, long value)
    {
        if (value == 0)
        {
            Store(Zero, offset);
            return;
        }

        Move(Value, (ulong)value);
        Store(Value, offset);
    }

    public override void StoreImmediateAt(ulong address, long value)
    {
        Move(Value, (ulong)value);
        Move(Place, address);
        Emit32(0xF900_0000 | (Place << 5) | Value); // str x9, [x10]
    }

    public override void OrderWrites() => Emit32(0xD503_3ABF); // dmb ishst

    public override void CopyToMemory(int offset, ulong address, int width)
    {
        Load(Value, offset);
        Move(Place, address);
        uint store = width switch
        {
            1 => 0x3900_0000, // strb w
            2 => 0x7900_0000, // strh w
            4 => 0xB900_0000, // str w
            _ => 0xF900_0000, // str x
        };
        Emit32(store | (Place << 5) | Value);
    }

    public override void BranchIfResultIs(int value, CodeLabel target)
    {
        Compare(0, value);
        BranchIf(Condition.Equal, target);
    }

    public override void BranchIfResultIsError(CodeLabel target)
    {
        // x0 + 4095 carries exactly for -4095 to -1; lower is "no carry".
        Compare(0, -4095);
        Skip(Condition.UnsignedLower);
        Jump(target);
    }

    public override void BranchIfMemory(
        ulong address,
        int width,
        ulong mask,
        ulong expected,
        bool whenEqual,
        CodeLabel target
    )
    {
        uint load = width switch
        {
            1 => 0x3940_0000, // ldrb w
            2 => 0x7940_0000, // ldrh w
            4 => 0xB940_0000, // ldr w
            _ => 0xF940_0000, // ldr x
        };
        Move(Place, address);
        Emit32(load | (Place << 5) | Value);
        if (mask != ulong.MaxValue >> (64 - (8 * width)))
        {
            Move(Place, mask);
            Emit32(0x8A00_0000 | (Place << 16) | (Value << 5) | Value); // and x9, x9, x10
        }

        if (expected <= 4095)
        {
            Compare(Value, (int)expected);
        }
        else
        {
            Move(Place, expected);
            Emit32(0xEB00_0000 | (Place << 16) | (Value << 5) | Zero); // cmp x9, x10
        }

        BranchIf(whenEqual ? Condition.Equal : Condition.NotEqual, target);
    }

    public override void Jump(CodeLabel target)
    {
        int position = Length;
        Emit32(0x1400_0000); // b
        Refer(position, target);
    }

    protected override void Patch(int position, int target)
    {
        int distance = (target - position) / 4;
        if (distance is < -Reach or >= Reach)
        {
            throw new InvalidOperationException(
                "the plan is too long: its code exceeds what a branch can reach (128 MiB)"
            );
        }

        BinaryPrimitives.WriteUInt32LittleEndian(Emitted(position, 4), 0x1400_0000 | ((uint)distance & 0x03FF_FFFF));
    }

    private static Condition Opposite(Condition condition) => (Condition)((uint)condition ^ 1);

    private void BranchIf(Condition condition, CodeLabel target)
    {
        Skip(Opposite(condition));
        Jump(target);
    }

    // b.cond over the next instruction
    private void Skip(Condition condition) => Emit32(0x5400_0000 | (2 << 5) | (uint)condition);

    // cmp x, #value or, for negative values, cmn x, #-value: 12 bits either way
    private void Compare(int register, int value) =>
        Emit32((value >= 0 ? 0xF100_0000 : 0xB100_0000) | ((uint)Math.Abs(value) << 10) | ((uint)register << 5) | Zero);

    private void Load(int register, int offset) => Access(0xF940_0000, 0xF860_6800, register, offset);

    private void Store(int register, int offset) => Access(0xF900_0000, 0xF820_6800, register, offset);

    // ldr/str x, [x19, #offset], or x, [x19, x10] where the offset does not fit
    private void Access(uint byOffset, uint byRegister, int register, int offset)
    {
        if (offset % 8 == 0 && offset is >= 0 and <= LargestOffset)
        {
            Emit32(byOffset | ((uint)(offset / 8) << 10) | (Control << 5) | (uint)register);
            return;
        }

        Move(Place, (ulong)offset);
        Emit32(byRegister | (Place << 16) | (Control << 5) | (uint)register);
    }

    // The shortest row of movz or movn and movk: 16 bits at a time, those that are zeros or ones already left out.
    private void Move(int register, ulong value)
    {
        const uint MoveZero = 0xD280_0000;
        const uint MoveNot = 0x9280_0000;
        const uint MoveKeep = 0xF280_0000;

        int zeros = 0;
        int ones = 0;
        for (int i = 0; i < 4; i++)
        {
            zeros += Part(value, i) == 0 ? 1 : 0;
            ones += Part(value, i) == 0xFFFF ? 1 : 0;
        }

        bool inverted = ones > zeros;
        uint background = inverted ? 0xFFFFu : 0;
        bool first = true;
        for (int i = 0; i < 4; i++)
        {
            // All four may be background; then the last one is moved all the same.
            uint part = Part(value, i);
            if (part == background && !(first && i == 3))
            {
                continue;
            }

            uint move = first ? (inverted ? MoveNot : MoveZero) : MoveKeep;
            uint bits = first && inverted ? ~part & 0xFFFF : part;
            uint at = part == background ? 0 : (uint)i;
            Emit32(move | (at << 21) | (bits << 5) | (uint)register);
            first = false;
        }
    }

    private static uint Part(ulong value, int index) => (uint)(value >> (index * 16)) & 0xFFFF;

    private void Emit32(uint instruction)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, instruction);
        Emit(bytes);
    }
}
