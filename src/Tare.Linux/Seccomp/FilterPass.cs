using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// The beginning of a filter that lets a few calls of this processor's own way through if they carry a certain sixth
/// argument, whatever the rest says.
/// </summary>
public static class FilterPass
{
    private const int SixthArgument = 16 + (5 * 8);
    private const int Tests = 7;

    /// <summary>How many instructions it has besides one for each call.</summary>
    public const int Overhead = Tests + 1;

    /// <summary>The instructions, to be followed by a filter. Any other call costs two of them, mostly.</summary>
    /// <param name="pass">The argument.</param>
    /// <param name="calls">The calls, at most 200, which must not have six arguments themselves.</param>
    public static SocketFilter[] Before(long pass, ReadOnlySpan<Syscall> calls)
    {
        SocketFilter[] program = new SocketFilter[Overhead + calls.Length];
        program[0] = Load(SixthArgument);
        program[1] = Expect((uint)pass, program.Length - 2);
        program[2] = Load(SixthArgument + 4);
        program[3] = Expect((uint)(pass >>> 32), program.Length - 4);
        program[4] = Load(FilterCompiler.ArchitectureOffset);
        program[5] = Expect(FilterCompiler.ArchitectureOf(Interop.RunningOn), program.Length - 6);
        program[6] = Load(FilterCompiler.NumberOffset);
        for (int i = 0; i < calls.Length; i++)
        {
            bool last = i == calls.Length - 1;
            program[Tests + i] = new SocketFilter
            {
                Code = FilterCode.Equal,
                Operand = (uint)SyscallTable.Number(calls[i], Interop.RunningOn),
                JumpTrue = (byte)(calls.Length - 1 - i),
                JumpFalse = (byte)(last ? 1 : 0),
            };
        }

        program[^1] = new SocketFilter
        {
            Code = FilterCode.ReturnConstant,
            Operand = (uint)SeccompAction.SECCOMP_RET_ALLOW,
        };
        return program;
    }

    private static SocketFilter Load(int offset) => new() { Code = FilterCode.LoadWord, Operand = (uint)offset };

    private static SocketFilter Expect(uint operand, int behind) =>
        new()
        {
            Code = FilterCode.Equal,
            Operand = operand,
            JumpFalse = (byte)behind,
        };
}
