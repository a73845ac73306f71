using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>x86_64 as binutils writes it in Intel's syntax.</summary>
internal sealed class X64Assembler : Assembler
{
    private static readonly string[] Wide = ["rdi", "rsi", "rdx", "r10", "r8", "r9"];
    private static readonly string[] Narrow = ["edi", "esi", "edx", "r10d", "r8d", "r9d"];

    public override CpuArchitecture Architecture => CpuArchitecture.X64;

    public override void Enter()
    {
        Line("push rbx");
        Line("mov rbx,rdi");
    }

    public override void Leave(int offset)
    {
        TakeResult(offset);
        Line("pop rbx");
        Line("ret");
    }

    public override void Argument(int index, long value) =>
        Line(
            value switch
            {
                0 => $"xor {Narrow[index]},{Narrow[index]}",
                > 0 and <= uint.MaxValue => $"mov {Narrow[index]},{Hex(value)}",
                < 0 and >= int.MinValue => $"mov {Wide[index]},{Hex(value)}",
                _ => $"movabs {Wide[index]},{Hex(value)}",
            }
        );

    public override void ArgumentFrom(int index, int offset) => Line($"mov {Wide[index]},{Control(offset)}");

    public override void CallNumber(int number)
    {
        Line($"mov eax,{Hex(number)}");
        Line("syscall");
    }

    public override void KeepResult(int offset) => Line($"mov {Control(offset)},rax");

    public override void TakeResult(int offset) => Line($"mov rax,{Control(offset)}");

    public override void OrderWrites() { }

    public override void KeepErrno(int offset)
    {
        Line("mov rcx,rax");
        Line("neg rcx");
        Line($"mov {Control(offset)},rcx");
    }

    public override void Write(int offset, long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Line($"mov {Control(offset)},{Hex(value)}");
            return;
        }

        Line($"movabs rcx,{Hex(value)}");
        Line($"mov {Control(offset)},rcx");
    }

    public override void WriteAt(ulong address, long value)
    {
        Line($"movabs rcx,{Hex(address)}");
        Line($"movabs rdx,{Hex(value)}");
        Line("mov QWORD PTR [rcx],rdx");
    }

    public override void Copy(int offset, ulong address, int width)
    {
        TakeResult(offset);
        Line($"movabs rcx,{Hex(address)}");
        Line(
            width switch
            {
                1 => "mov BYTE PTR [rcx],al",
                2 => "mov WORD PTR [rcx],ax",
                4 => "mov DWORD PTR [rcx],eax",
                _ => "mov QWORD PTR [rcx],rax",
            }
        );
    }

    public override void IfResult(int value, Mark target)
    {
        Line($"cmp rax,{Hex((long)value)}");
        Branch("je ", target);
    }

    public override void IfFailed(Mark target)
    {
        Line("cmp rax,0xfffffffffffff001");
        Branch("jae ", target);
    }

    public override void IfMemory(ulong address, int width, ulong mask, ulong expected, bool equal, Mark target)
    {
        Line($"movabs rcx,{Hex(address)}");
        Line(
            width switch
            {
                1 => "movzx eax,BYTE PTR [rcx]",
                2 => "movzx eax,WORD PTR [rcx]",
                4 => "mov eax,DWORD PTR [rcx]",
                _ => "mov rax,QWORD PTR [rcx]",
            }
        );
        Line($"movabs rdx,{Hex(mask)}");
        Line("and rax,rdx");
        Line($"movabs rdx,{Hex(expected)}");
        Line("cmp rax,rdx");
        Branch(equal ? "je " : "jne ", target);
    }

    public override void GoTo(Mark target) => Branch("jmp ", target);

    private static string Control(int offset) => $"QWORD PTR [rbx+{Hex((long)offset)}]";
}
