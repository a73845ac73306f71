using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>
/// Writes the instructions that each thing a launch does should come out as, in the disassembler's words: a second
/// hand for what the encoders write in bytes.
/// </summary>
internal abstract class Assembler
{
    private readonly List<ExpectedLine> lines = [];

    public abstract CpuArchitecture Architecture { get; }

    public IReadOnlyList<ExpectedLine> Lines => lines;

    public void Place(Mark mark) => mark.Line = lines.Count;

    public abstract void Enter();

    public abstract void Leave(int offset);

    public abstract void Argument(int index, long value);

    public abstract void ArgumentFrom(int index, int offset);

    public abstract void CallNumber(int number);

    public abstract void KeepResult(int offset);

    public abstract void TakeResult(int offset);

    public abstract void KeepErrno(int offset);

    public abstract void OrderWrites();

    public abstract void Write(int offset, long value);

    public abstract void WriteAt(ulong address, long value);

    public abstract void Copy(int offset, ulong address, int width);

    public abstract void IfResult(int value, Mark target);

    public abstract void IfFailed(Mark target);

    public abstract void IfMemory(ulong address, int width, ulong mask, ulong expected, bool equal, Mark target);

    public abstract void GoTo(Mark target);

    /// <summary>A call with constant arguments.</summary>
    public void Call(Syscall call, params ReadOnlySpan<long> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            Argument(i, arguments[i]);
        }

        Call(call);
    }

    /// <summary>A call whose arguments are loaded.</summary>
    public void Call(Syscall call)
    {
        int number = SyscallTable.Number(call, Architecture);
        CallNumber(number < 0 ? 0xfff : number);
    }

    protected void Line(string text) => lines.Add(new ExpectedLine(text));

    protected void Branch(string text, Mark target) => lines.Add(new ExpectedLine(text, target));

    protected static string Hex(long value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    protected static string Hex(ulong value) => Hex((long)value);
}
