using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    private const int ProgLoad = 5;
    private const int ProgAttach = 8;

    /// <summary>bpf(2), BPF_PROG_LOAD: the program's descriptor, close-on-exec.</summary>
    internal static unsafe nint bpf_prog_load(BpfProgramType type, ReadOnlySpan<byte> instructions)
    {
        // SAFETY: everything that the struct points to is pinned during the call, and the kernel copies what it keeps.
        fixed (byte* code = instructions)
        fixed (byte* license = "MIT"u8)
        {
            BpfProgramLoad attributes = new()
            {
                Type = type,
                InstructionCount = (uint)(instructions.Length / sizeof(long)),
                Instructions = (ulong)code,
                License = (ulong)license,
            };
            return Call(Syscall.bpf, ProgLoad, (nint)(&attributes), sizeof(BpfProgramLoad));
        }
    }

    /// <summary>bpf(2), BPF_PROG_ATTACH.</summary>
    internal static unsafe nint bpf_prog_attach(int target, int program, BpfAttachType type, BpfAttachFlags flags)
    {
        BpfProgramAttach attributes = new()
        {
            Target = target,
            Program = program,
            Type = type,
            Flags = flags,
        };

        // SAFETY: the struct lies on the stack and is read during the call only.
        return Call(Syscall.bpf, ProgAttach, (nint)(&attributes), sizeof(BpfProgramAttach));
    }
}
