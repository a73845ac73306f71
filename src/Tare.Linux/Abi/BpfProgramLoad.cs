using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>The first members of <c>union bpf_attr</c> for BPF_PROG_LOAD. linux/bpf.h, Linux 4.17.</summary>
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
    internal NameBytes Name;
    internal uint Device;
    internal uint ExpectedAttachType;

    [InlineArray(16)]
    internal struct NameBytes
    {
        private byte _first;
    }
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

/// <summary>The first members of <c>union bpf_attr</c> for BPF_MAP_CREATE. linux/bpf.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfMapCreate
{
    internal BpfMapType Type;
    internal uint KeySize;
    internal uint ValueSize;
    internal uint Entries;
    internal uint Flags;
}

/// <summary>The members of <c>union bpf_attr</c> for BPF_MAP_*_ELEM. linux/bpf.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfMapElement
{
    internal int Map;
    internal uint Padding;
    internal ulong Key;
    internal ulong Value;
    internal ulong Flags;
}

/// <summary>The members of <c>union bpf_attr</c> for BPF_RAW_TRACEPOINT_OPEN. linux/bpf.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfTracepointOpen
{
    internal ulong Name;
    internal int Program;
    internal uint Padding;
}
