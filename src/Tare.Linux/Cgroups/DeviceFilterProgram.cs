using System.Buffers.Binary;

namespace Tare.Linux;

/// <summary>
/// Makes the BPF program that decides about devices on cgroup v2 (BPF_PROG_TYPE_CGROUP_DEVICE, linux/bpf.h). The last rule
/// that is about an access decides it; an access that no rule is about is denied.
/// </summary>
public static class DeviceFilterProgram
{
    private const int ContextAccess = 0;
    private const int ContextMajor = 4;
    private const int ContextMinor = 8;
    private const int AccessAll = 7;

    private const byte LoadWord = 0x61;
    private const byte AndImmediate = 0x54;
    private const byte ShiftRight = 0x74;
    private const byte MoveRegister = 0xbc;
    private const byte MoveImmediate = 0xb7;
    private const byte JumpIfNot = 0x55;
    private const byte JumpIf = 0x15;
    private const byte JumpIfNotRegister = 0x5d;
    private const byte Exit = 0x95;

    private const int Verdict = 0;
    private const int Context = 1;
    private const int Type = 2;
    private const int Access = 3;
    private const int Major = 4;
    private const int Minor = 5;
    private const int Work = 6;

    /// <summary>The program, 8 bytes for each instruction, in this machine's byte order.</summary>
    public static byte[] Of(IReadOnlyList<DeviceFilterRule> rules)
    {
        List<long> code =
        [
            Instruction(LoadWord, Type, Context, ContextAccess, 0),
            Instruction(AndImmediate, Type, 0, 0, 0xffff),
            Instruction(LoadWord, Access, Context, ContextAccess, 0),
            Instruction(ShiftRight, Access, 0, 0, 16),
            Instruction(LoadWord, Major, Context, ContextMajor, 0),
            Instruction(LoadWord, Minor, Context, ContextMinor, 0),
        ];
        bool decided = false;
        for (int i = rules.Count - 1; i >= 0 && !decided; i--)
        {
            decided = AddRule(code, rules[i]);
        }

        if (!decided)
        {
            AddVerdict(code, allow: false);
        }

        byte[] bytes = new byte[code.Count * sizeof(long)];
        for (int i = 0; i < code.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), code[i]);
        }

        return bytes;
    }

    /// <summary>Adds a rule; true if it decides about every access, so that nothing behind it is ever reached.</summary>
    private static bool AddRule(List<long> code, DeviceFilterRule rule)
    {
        List<long> tests = [];
        if (rule.Kind != DeviceKind.Any)
        {
            tests.Add(Instruction(JumpIfNot, Type, 0, 0, (int)rule.Kind));
        }

        int access = (int)rule.Access;
        if (access != AccessAll)
        {
            tests.Add(Instruction(MoveRegister, Work, Access, 0, 0));
            tests.Add(Instruction(AndImmediate, Work, 0, 0, access));
            // Allowed is what asks for nothing else; denied is what asks for any of it.
            tests.Add(
                rule.Allow ? Instruction(JumpIfNotRegister, Work, Access, 0, 0) : Instruction(JumpIf, Work, 0, 0, 0)
            );
        }

        if (rule.Major is { } major)
        {
            tests.Add(Instruction(JumpIfNot, Major, 0, 0, (int)major));
        }

        if (rule.Minor is { } minor)
        {
            tests.Add(Instruction(JumpIfNot, Minor, 0, 0, (int)minor));
        }

        // Each test that fails jumps behind the verdict, which is two instructions long.
        for (int i = 0; i < tests.Count; i++)
        {
            bool jumps = (byte)tests[i] is JumpIf or JumpIfNot or JumpIfNotRegister;
            code.Add(jumps ? tests[i] | ((long)(tests.Count - i + 1) << 16) : tests[i]);
        }

        AddVerdict(code, rule.Allow);
        return tests.Count == 0;
    }

    private static void AddVerdict(List<long> code, bool allow)
    {
        code.Add(Instruction(MoveImmediate, Verdict, 0, 0, allow ? 1 : 0));
        code.Add(Instruction(Exit, 0, 0, 0, 0));
    }

    private static long Instruction(byte code, int target, int source, short offset, int immediate) =>
        code | ((long)(target | (source << 4)) << 8) | ((long)(ushort)offset << 16) | ((long)(uint)immediate << 32);
}
