using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>AArch64 as binutils writes it.</summary>
internal sealed class Arm64Assembler : Assembler
{
    public override CpuArchitecture Architecture => CpuArchitecture.Arm64;

    public override void Enter()
    {
        Line("str x19, [sp, #-16]!");
        Line("mov x19, x0");
    }

    public override void Leave(int offset)
    {
        TakeResult(offset);
        Line("ldr x19, [sp], #16");
        Line("ret");
    }

    public override void Argument(int index, long value) => Move($"x{index}", (ulong)value);

    public override void ArgumentFrom(int index, int offset) => Access("ldr", $"x{index}", offset);

    public override void CallNumber(int number)
    {
        Move("x8", (ulong)number);
        Line("svc #0x0");
    }

    public override void KeepResult(int offset) => Access("str", "x0", offset);

    public override void TakeResult(int offset) => Access("ldr", "x0", offset);

    public override void OrderWrites() => Line("dmb ishst");

    public override void KeepErrno(int offset)
    {
        Line("neg x9, x0");
        Access("str", "x9", offset);
    }

    public override void Write(int offset, long value)
    {
        if (value != 0)
        {
            Move("x9", (ulong)value);
        }

        Access("str", value == 0 ? "xzr" : "x9", offset);
    }

    public override void WriteAt(ulong address, long value)
    {
        Move("x9", (ulong)value);
        Move("x10", address);
        Line("str x9, [x10]");
    }

    public override void Copy(int offset, ulong address, int width)
    {
        Access("ldr", "x9", offset);
        Move("x10", address);
        Line(
            width switch
            {
                1 => "strb w9, [x10]",
                2 => "strh w9, [x10]",
                4 => "str w9, [x10]",
                _ => "str x9, [x10]",
            }
        );
    }

    public override void IfResult(int value, Mark target)
    {
        Line(value < 0 ? $"cmn x0, #{Hex(-value)}" : $"cmp x0, #{Hex(value)}");
        Far("ne", target);
    }

    public override void IfFailed(Mark target)
    {
        Line("cmn x0, #0xfff");
        Far("cc", target);
    }

    public override void IfMemory(ulong address, int width, ulong mask, ulong expected, bool equal, Mark target)
    {
        Move("x10", address);
        Line(
            width switch
            {
                1 => "ldrb w9, [x10]",
                2 => "ldrh w9, [x10]",
                4 => "ldr w9, [x10]",
                _ => "ldr x9, [x10]",
            }
        );
        ulong all = width == 8 ? ulong.MaxValue : (1ul << (width * 8)) - 1;
        if (mask != all)
        {
            Move("x10", mask);
            Line("and x9, x9, x10");
        }

        if (expected < 4096)
        {
            Line($"cmp x9, #{Hex(expected)}");
        }
        else
        {
            Move("x10", expected);
            Line("cmp x9, x10");
        }

        Far(equal ? "ne" : "eq", target);
    }

    public override void GoTo(Mark target) => Branch("b ", target);

    private void Far(string otherwise, Mark target)
    {
        Mark next = new();
        Branch($"b.{otherwise} ", next);
        GoTo(target);
        Place(next);
    }

    private void Access(string instruction, string register, int offset)
    {
        if (offset % 8 != 0 || offset is < 0 or > 32760)
        {
            Move("x10", (ulong)offset);
            Line($"{instruction} {register}, [x19, x10]");
            return;
        }

        Line(offset == 0 ? $"{instruction} {register}, [x19]" : $"{instruction} {register}, [x19, #{offset}]");
    }

    // Tries both ways to begin, from zeros and from ones, and takes the shorter one.
    private void Move(string register, ulong value)
    {
        List<string> fromZeros = Row(register, value, background: 0);
        List<string> fromOnes = Row(register, value, background: ulong.MaxValue);
        foreach (string line in fromOnes.Count < fromZeros.Count ? fromOnes : fromZeros)
        {
            Line(line);
        }
    }

    private static List<string> Row(string register, ulong value, ulong background)
    {
        List<string> row = [];
        for (int shift = 0; shift < 64; shift += 16)
        {
            ulong field = 0xFFFFul << shift;
            if ((value & field) == (background & field))
            {
                continue;
            }

            string keep = shift == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", lsl #{shift}");
            row.Add(
                row.Count == 0
                    ? $"mov {register}, #{Hex((background & ~field) | (value & field))}"
                    : $"movk {register}, #{Hex((value & field) >> shift)}{keep}"
            );
        }

        return row.Count > 0 ? row : [$"mov {register}, #{Hex(background)}"];
    }
}
