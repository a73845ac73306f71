using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>The first members of <c>union bpf_attr</c> for BPF_PROG_LOAD. linux/bpf.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfProgramLoad
{
    internal BpfProgramType Type;
    internal uint InstructionCount;
    internal ulong Instructions;
    internal ulong License;
    internal uint LogLevel;
    internal uint LogSize;
    internal ulong LogBuffer;
    internal uint KernelVersion;
    internal uint Flags;
}

/// <summary>The first members of <c>union bpf_attr</c> for BPF_PROG_ATTACH. linux/bpf.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfProgramAttach
{
    internal int Target;
    internal int Program;
    internal BpfAttachType Type;
    internal BpfAttachFlags Flags;
}
