using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>
/// The few things that a launch needs of a processor. One register holds the address of the control block for the whole
/// run; nothing is ever pushed, because the child runs on the stack of whoever CLONE_VFORK holds meanwhile.
/// Offsets are in bytes from the control block. No method but <see cref="Syscall"/>, <see cref="LoadResult"/>,
/// <see cref="CopyToMemory"/> and the memory comparisons changes the result register.
/// </summary>
/// <param name="steps">About how many steps there will be: it is a hint.</param>
internal abstract class InstructionEncoder(int steps)
{
    /// <summary>Most calls with what checks their result fit.</summary>
    private const int StepSize = 80;

    private byte[] code = new byte[steps * StepSize];

    /// <summary>The architecture that the code is for.</summary>
    public abstract CpuArchitecture Architecture { get; }

    /// <summary>How many bytes have been emitted.</summary>
    public int Length { get; private set; }

    /// <summary>The code so far.</summary>
    public ReadOnlySpan<byte> Code => code.AsSpan(0, Length);

    /// <summary>Enters the function <c>long f(void* control)</c>: keeps the control block's address.</summary>
    public abstract void Enter();

    /// <summary>Leaves the function with the value at <paramref name="offset"/>.</summary>
    public abstract void Leave(int offset);

    /// <summary>Puts a value into the register of a call's argument (0 to 5).</summary>
    public abstract void LoadArgument(int index, long value);

    /// <summary>Puts a value of the control block into the register of a call's argument.</summary>
    public abstract void LoadArgumentFromControl(int index, int offset);

    /// <summary>Calls the kernel. The result register then holds the value or the negated errno.</summary>
    public abstract void Syscall(int number);

    /// <summary>Keeps the result, 8 bytes.</summary>
    public abstract void StoreResult(int offset);

    /// <summary>Keeps the negated result, 8 bytes: the errno.</summary>
    public abstract void StoreNegatedResult(int offset);

    /// <summary>Takes 8 bytes of the control block as the result.</summary>
    public abstract void LoadResult(int offset);

    /// <summary>Writes 8 bytes into the control block.</summary>
    public abstract void StoreImmediate(int offset, long value);

    /// <summary>Writes 8 bytes to an address.</summary>
    public abstract void StoreImmediateAt(ulong address, long value);

    /// <summary>What was written so far is seen by other processors before what is written from now on.</summary>
    public abstract void OrderWrites();

    /// <summary>Copies the low <paramref name="width"/> bytes (1, 2, 4, 8) of a control value to an address.</summary>
    public abstract void CopyToMemory(int offset, ulong address, int width);

    /// <summary>Branches if the result is <paramref name="value"/> (-4095 to 4095).</summary>
    public abstract void BranchIfResultIs(int value, CodeLabel target);

    /// <summary>Branches if the result is a negated errno.</summary>
    public abstract void BranchIfResultIsError(CodeLabel target);

    /// <summary>
    /// Loads <paramref name="width"/> bytes from an address, masks them, compares them with <paramref name="expected"/>
    /// and branches if they are equal, or if they differ.
    /// </summary>
    public abstract void BranchIfMemory(
        ulong address,
        int width,
        ulong mask,
        ulong expected,
        bool whenEqual,
        CodeLabel target
    );

    /// <summary>Branches.</summary>
    public abstract void Jump(CodeLabel target);

    /// <summary>The label is here.</summary>
    public void Bind(CodeLabel label)
    {
        label.Offset = Length;
        if (!label.IsAwaited)
        {
            return;
        }

        foreach (int position in label.Waiting)
        {
            Patch(position, label.Offset);
        }

        label.Waiting.Clear();
    }

    /// <summary>Writes the displacement of the branch at <paramref name="position"/>.</summary>
    protected abstract void Patch(int position, int target);

    /// <summary>Notes that the branch at <paramref name="position"/> leads to a label, and patches it as soon as that is known.</summary>
    protected void Refer(int position, CodeLabel label)
    {
        if (label.Offset >= 0)
        {
            Patch(position, label.Offset);
        }
        else
        {
            label.Waiting.Add(position);
        }
    }

    /// <summary>Appends bytes.</summary>
    protected void Emit(params ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Appends room for bytes, which the caller fills.</summary>
    protected Span<byte> Append(int count)
    {
        int position = Length;
        if (position + count > code.Length)
        {
            Array.Resize(ref code, Math.Max(code.Length * 2, position + count));
        }

        Length = position + count;
        return code.AsSpan(position, count);
    }

    /// <summary>Code that has been emitted and may be patched.</summary>
    protected Span<byte> Emitted(int position, int length) => code.AsSpan(position, length);
}
