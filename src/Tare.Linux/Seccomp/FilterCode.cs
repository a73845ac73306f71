using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Writes a program of classic BPF from its end to its beginning, since it can only jump forward: whatever is jumped to has
/// been written. A branch reaches 255 instructions; where that is too short, a jump is put in between. linux/filter.h.
/// </summary>
internal sealed class FilterCode
{
    /// <summary>BPF_JMP | BPF_JEQ | BPF_K.</summary>
    public const ushort Equal = 0x15;

    /// <summary>BPF_JMP | BPF_JGT | BPF_K.</summary>
    public const ushort Greater = 0x25;

    /// <summary>BPF_JMP | BPF_JGE | BPF_K.</summary>
    public const ushort GreaterOrEqual = 0x35;

    /// <summary>BPF_LD | BPF_W | BPF_ABS.</summary>
    public const ushort LoadWord = 0x20;

    /// <summary>BPF_RET | BPF_K.</summary>
    public const ushort ReturnConstant = 0x06;

    private const ushort AndConstant = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private const ushort JumpAlways = 0x05; // BPF_JMP | BPF_JA
    private const int Reach = byte.MaxValue;

    private readonly List<SocketFilter> reversed = [];
    private readonly Dictionary<uint, int> answers = [];

    /// <summary>Loads a word of the call's description (seccomp_data), and goes on with what was written last.</summary>
    public void Load(int offset) => Write(LoadWord, (uint)offset);

    /// <summary>Masks what is loaded, and goes on with what was written last.</summary>
    public void And(uint mask) => Write(AndConstant, mask);

    /// <summary>Compares what is loaded.</summary>
    public FilterTarget Branch(ushort comparison, uint operand, FilterTarget yes, FilterTarget no)
    {
        // What is put in between for one moves the other one instruction away.
        int no1 = Near(no, Reach - 1);
        int yes1 = Near(yes, Reach);
        reversed.Add(
            new SocketFilter
            {
                Code = comparison,
                JumpTrue = (byte)Distance(yes1),
                JumpFalse = (byte)Distance(no1),
                Operand = operand,
            }
        );
        return Last;
    }

    /// <summary>Where what was written last lies.</summary>
    public FilterTarget Last => FilterTarget.At(reversed.Count - 1);

    /// <summary>The program, which begins with what was written last.</summary>
    public SocketFilter[] ToProgram()
    {
        SocketFilter[] program = [.. reversed];
        Array.Reverse(program);
        return program;
    }

    /// <summary>Goes on with a target; needed where that is no instruction yet, or not the last.</summary>
    public void Continue(FilterTarget target)
    {
        if (target.Place < 0 || target != Last)
        {
            Near(target, -1);
        }
    }

    private int Distance(int place) => reversed.Count - 1 - place;

    private int Near(FilterTarget target, int reach)
    {
        if (target.Place < 0)
        {
            if (!answers.TryGetValue(target.Verdict, out int place) || Distance(place) > reach)
            {
                Write(ReturnConstant, target.Verdict);
                answers[target.Verdict] = place = reversed.Count - 1;
            }

            return place;
        }

        if (Distance(target.Place) <= reach)
        {
            return target.Place;
        }

        Write(JumpAlways, (uint)Distance(target.Place));
        return reversed.Count - 1;
    }

    private void Write(ushort code, uint operand) => reversed.Add(new SocketFilter { Code = code, Operand = operand });
}
