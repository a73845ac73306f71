using Tare.Linux.Abi;

namespace Tare.Runtime.Tests.Seccomp;

/// <summary>A system call as a filter sees it: struct seccomp_data, without the instruction pointer.</summary>
internal sealed record FilteredCall(uint Architecture, uint Number, ulong[] Arguments)
{
    /// <summary>The word at an offset, as the kernel answers a load.</summary>
    public uint WordAt(uint offset) =>
        offset switch
        {
            0 => Number,
            4 => Architecture,
            >= 16 and < 64 when offset % 4 == 0 => (uint)(Arguments[(offset - 16) / 8] >> (offset % 8 == 0 ? 0 : 32)),
            _ => throw new InvalidOperationException($"the kernel refuses a load from {offset}"),
        };

    /// <inheritdoc />
    public override string ToString() =>
        $"arch {Architecture:x} nr {Number:x} args {string.Join(' ', Arguments.Select(a => a.ToString("x")))}";
}

/// <summary>Runs filters as the kernel does, and refuses what the kernel would. linux/filter.h.</summary>
internal static class FilterMachine
{
    /// <summary>What a filter answers, and after how many instructions.</summary>
    public static (uint Verdict, int Steps) Run(SocketFilter[] program, FilteredCall call)
    {
        uint loaded = 0;
        int steps = 0;
        for (int at = 0; ; at++)
        {
            steps++;
            SocketFilter instruction = program[at];
            uint operand = instruction.Operand;
            switch (instruction.Code)
            {
                case 0x20:
                    loaded = call.WordAt(operand);
                    break;
                case 0x54:
                    loaded &= operand;
                    break;
                case 0x05:
                    at += (int)operand;
                    break;
                case 0x15:
                    at += loaded == operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x25:
                    at += loaded > operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x35:
                    at += loaded >= operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x45:
                    at += (loaded & operand) != 0 ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x06:
                    return (operand, steps);
                default:
                    throw new InvalidOperationException($"instruction {at} has code {instruction.Code:x}");
            }
        }
    }
}
