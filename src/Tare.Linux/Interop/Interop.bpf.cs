using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    private const int ProgLoad = 5;
    private const int ProgAttach = 8;
    private const int ProgDetach = 9;
    private const int RawTracepointOpen = 17;

    /// <summary>bpf(2), BPF_PROG_LOAD: the program's descriptor, close-on-exec.</summary>
    internal static unsafe nint bpf_prog_load(
        BpfProgramType type,
        ReadOnlySpan<byte> instructions,
        BpfAttachType attach = default,
        ReadOnlySpan<byte> name = default,
        Span<byte> log = default
    )
    {
        // SAFETY: everything that the struct points to is pinned during the call, and the kernel copies what it keeps.
        fixed (byte* code = instructions)
        fixed (byte* license = "Dual MIT/GPL"u8)
        fixed (byte* text = log)
        {
            BpfProgramLoad attributes = new()
            {
                Type = type,
                InstructionCount = (uint)(instructions.Length / sizeof(long)),
                Instructions = (ulong)code,
                License = (ulong)license,
                LogLevel = log.IsEmpty ? 0u : 1u,
                LogSize = (uint)log.Length,
                LogBuffer = (ulong)text,
                ExpectedAttachType = (uint)attach,
            };
            name[..Math.Min(name.Length, 15)].CopyTo(attributes.Name);
            return Call(Syscall.bpf, ProgLoad, (nint)(&attributes), sizeof(BpfProgramLoad));
        }
    }

    /// <summary>bpf(2), BPF_PROG_ATTACH.</summary>
    internal static nint bpf_prog_attach(int target, int program, BpfAttachType type, BpfAttachFlags flags) =>
        bpf_prog(ProgAttach, target, program, type, flags);

    /// <summary>bpf(2), BPF_PROG_DETACH.</summary>
    internal static nint bpf_prog_detach(int target, int program, BpfAttachType type) =>
        bpf_prog(ProgDetach, target, program, type, BpfAttachFlags.None);

    /// <summary>bpf(2), BPF_RAW_TRACEPOINT_OPEN: a descriptor that the program is attached as long as.</summary>
    internal static unsafe nint bpf_raw_tracepoint_open(BytePath name, int program)
    {
        // SAFETY: the name is pinned during the call and ends with a zero; the struct lies on the stack.
        fixed (byte* text = name.Terminated)
        {
            BpfTracepointOpen attributes = new() { Name = (ulong)text, Program = program };
            return Call(Syscall.bpf, RawTracepointOpen, (nint)(&attributes), sizeof(BpfTracepointOpen));
        }
    }

    private static unsafe nint bpf_prog(int command, int target, int program, BpfAttachType type, BpfAttachFlags flags)
    {
        BpfProgramAttach attributes = new()
        {
            Target = target,
            Program = program,
            Type = type,
            Flags = flags,
        };

        // SAFETY: the struct lies on the stack and is read during the call only.
        return Call(Syscall.bpf, command, (nint)(&attributes), sizeof(BpfProgramAttach));
    }
}
