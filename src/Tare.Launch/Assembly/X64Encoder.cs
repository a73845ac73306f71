using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>
/// x86_64. rbx holds the control block, rax the result; rcx and rdx are free between calls (the kernel itself destroys
/// rcx and r11). Source: Intel 64 Architectures Software Developer's Manual, volume 2.
/// </summary>
/// <inheritdoc />
internal sealed class X64Encoder(int steps = 64) : InstructionEncoder(steps)
{
    // rdi, rsi, rdx, r10, r8, r9: number of the register, and whether it is one of r8 to r15.
    private static ReadOnlySpan<byte> ArgumentRegister => [7, 6, 2, 2, 0, 1];

    private static ReadOnlySpan<bool> IsExtended => [false, false, false, true, true, true];

    public override CpuArchitecture Architecture => CpuArchitecture.X64;

    public override void Enter()
    {
        Emit(0x53); // push rbx
        Emit(0x48, 0x89, 0xFB); // mov rbx, rdi
    }

    public override void Leave(int offset)
    {
        LoadResult(offset);
        Emit(0x5B); // pop rbx
        Emit(0xC3); // ret
    }

    public override void LoadArgument(int index, long value)
    {
        byte register = ArgumentRegister[index];
        bool extended = IsExtended[index];
        if (value == 0)
        {
            // xor r32, r32 clears the whole register
            if (extended)
            {
                Emit(0x45);
            }

            Emit(0x31, (byte)(0xC0 | (register << 3) | register));
        }
        else if (value is > 0 and <= uint.MaxValue)
        {
            // mov r32, imm32 clears the upper half
            if (extended)
            {
                Emit(0x41);
            }

            Emit((byte)(0xB8 + register));
            Emit32((int)(uint)value);
        }
        else if (value is >= int.MinValue and < 0)
        {
            // mov r64, imm32 extends the sign
            Emit((byte)(extended ? 0x49 : 0x48), 0xC7, (byte)(0xC0 | register));
            Emit32((int)value);
        }
        else
        {
            // movabs r64, imm64
            Emit((byte)(extended ? 0x49 : 0x48), (byte)(0xB8 + register));
            Emit64(value);
        }
    }

    public override void LoadArgumentFromControl(int index, int offset)
    {
        // mov r64, [rbx + disp32]
        Emit((byte)(IsExtended[index] ? 0x4C : 0x48), 0x8B, (byte)(0x83 | (ArgumentRegister[index] << 3)));
        Emit32(offset);
    }

    public override void Syscall(int number)
    {
        Emit(0xB8); // mov eax, imm32
        Emit32(number);
        Emit(0x0F, 0x05); // syscall
    }

    public override void StoreResult(int offset)
    {
        Emit(0x48, 0x89, 0x83); // mov [rbx + disp32], rax
        Emit32(offset);
    }

    public override void StoreNegatedResult(int offset)
    {
        Emit(0x48, 0x89, 0xC1); // mov rcx, rax
        Emit(0x48, 0xF7, 0xD9); // neg rcx
        Emit(0x48, 0x89, 0x8B); // mov [rbx + disp32], rcx
        Emit32(offset);
    }

    public override void LoadResult(int offset)
    {
        Emit(0x48, 0x8B, 0x83); // mov rax, [rbx + disp32]
        Emit32(offset);
    }

    public override void StoreImmediate(int offset, long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Emit(0x48, 0xC7, 0x83); // mov qword [rbx + disp32], imm32
            Emit32(offset);
            Emit32((int)value);
            return;
        }

        MoveToRcx(value);
        Emit(0x48, 0x89, 0x8B); // mov [rbx + disp32], rcx
        Emit32(offset);
    }

    public override void StoreImmediateAt(ulong address, long value)
    {
        MoveToRcx((long)address);
        MoveToRdx(value);
        Emit(0x48, 0x89, 0x11); // mov [rcx], rdx
    }

    public override void OrderWrites()
    {
        // Writes are seen in their order here. Volume 3, 10.2.
    }

    public override void CopyToMemory(int offset, ulong address, int width)
    {
        LoadResult(offset);
        MoveToRcx((long)address);
        switch (width)
        {
            case 1:
                Emit(0x88, 0x01); // mov [rcx], al
                break;
            case 2:
                Emit(0x66, 0x89, 0x01); // mov [rcx], ax
                break;
            case 4:
                Emit(0x89, 0x01); // mov [rcx], eax
                break;
            default:
                Emit(0x48, 0x89, 0x01); // mov [rcx], rax
                break;
        }
    }

    public override void BranchIfResultIs(int value, CodeLabel target)
    {
        CompareResult(value);
        Branch(0x84, target); // je
    }

    public override void BranchIfResultIsError(CodeLabel target)
    {
        CompareResult(-4095);
        Branch(0x83, target); // jae, unsigned
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
        MoveToRcx((long)address);
        switch (width)
        {
            case 1:
                Emit(0x0F, 0xB6, 0x01); // movzx eax, byte [rcx]
                break;
            case 2:
                Emit(0x0F, 0xB7, 0x01); // movzx eax, word [rcx]
                break;
            case 4:
                Emit(0x8B, 0x01); // mov eax, [rcx]
                break;
            default:
                Emit(0x48, 0x8B, 0x01); // mov rax, [rcx]
                break;
        }

        MoveToRdx((long)mask);
        Emit(0x48, 0x21, 0xD0); // and rax, rdx
        MoveToRdx((long)expected);
        Emit(0x48, 0x39, 0xD0); // cmp rax, rdx
        Branch(whenEqual ? (byte)0x84 : (byte)0x85, target); // je, jne
    }

    public override void Jump(CodeLabel target)
    {
        Emit(0xE9); // jmp rel32
        Displacement(target);
    }

    protected override void Patch(int position, int target) =>
        BinaryPrimitives.WriteInt32LittleEndian(Emitted(position, 4), target - (position + 4));

    private void CompareResult(int value)
    {
        Emit(0x48, 0x3D); // cmp rax, imm32, sign extended
        Emit32(value);
    }

    private void Branch(byte condition, CodeLabel target)
    {
        Emit(0x0F, condition);
        Displacement(target);
    }

    private void Displacement(CodeLabel target)
    {
        int position = Length;
        Emit32(0);
        Refer(position, target);
    }

    private void MoveToRcx(long value)
    {
        Emit(0x48, 0xB9);
        Emit64(value);
    }

    private void MoveToRdx(long value)
    {
        Emit(0x48, 0xBA);
        Emit64(value);
    }

    private void Emit32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Append(4), value);

    private void Emit64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Append(8), value);
}
