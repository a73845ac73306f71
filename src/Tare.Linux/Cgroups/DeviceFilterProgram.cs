using Tare.Linux.Abi;

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

    private const BpfRegister Context = BpfRegister.R1;
    private const BpfRegister Type = BpfRegister.R2;
    private const BpfRegister Access = BpfRegister.R3;
    private const BpfRegister Major = BpfRegister.R4;
    private const BpfRegister Minor = BpfRegister.R5;
    private const BpfRegister Work = BpfRegister.R6;

    /// <summary>The program, 8 bytes for each instruction, in this machine's byte order.</summary>
    public static byte[] Of(IReadOnlyList<DeviceFilterRule> rules)
    {
        BpfCode code = new BpfCode()
            .Load(BpfSize.Word, Type, Context, ContextAccess)
            .Do(BpfOperation.And, Type, 0xffff, narrow: true)
            .Load(BpfSize.Word, Access, Context, ContextAccess)
            .Do(BpfOperation.ShiftRight, Access, 16, narrow: true)
            .Load(BpfSize.Word, Major, Context, ContextMajor)
            .Load(BpfSize.Word, Minor, Context, ContextMinor);
        bool decided = false;
        for (int i = rules.Count - 1; i >= 0 && !decided; i--)
        {
            decided = AddRule(code, rules[i]);
        }

        return decided ? code.ToBytes() : code.Return(0).ToBytes();
    }

    /// <summary>Adds a rule; true if it decides about every access, so that nothing behind it is ever reached.</summary>
    private static bool AddRule(BpfCode code, DeviceFilterRule rule)
    {
        BpfLabel next = new();
        int before = code.Length;
        if (rule.Kind != DeviceKind.Any)
        {
            code.JumpIf(BpfCondition.NotEqual, Type, (int)rule.Kind, next);
        }

        int access = (int)rule.Access;
        if (access != AccessAll)
        {
            // Allowed is what asks for nothing else; denied is what asks for any of it.
            code.Set(Work, Access, narrow: true).Do(BpfOperation.And, Work, access, narrow: true);
            _ = rule.Allow
                ? code.JumpIf(BpfCondition.NotEqual, Work, Access, next)
                : code.JumpIf(BpfCondition.Equal, Work, 0, next);
        }

        if (rule.Major is { } major)
        {
            code.JumpIf(BpfCondition.NotEqual, Major, (int)major, next);
        }

        if (rule.Minor is { } minor)
        {
            code.JumpIf(BpfCondition.NotEqual, Minor, (int)minor, next);
        }

        bool always = code.Length == before;
        code.Return(rule.Allow ? 1 : 0).Mark(next);
        return always;
    }
}
