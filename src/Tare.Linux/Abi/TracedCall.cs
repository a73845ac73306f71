using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Where in a system call a traced process has stopped: struct ptrace_syscall_info. linux/ptrace.h, Linux 5.3.</summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
public struct TracedCall
{
    /// <summary>Before, behind, or in no call.</summary>
    [FieldOffset(0)]
    public TracedCallStop Stop;

    /// <summary>The architecture whose numbers it uses: AUDIT_ARCH.</summary>
    [FieldOffset(4)]
    public uint Architecture;

    /// <summary>The next instruction's address.</summary>
    [FieldOffset(8)]
    public ulong InstructionPointer;

    /// <summary>The stack's.</summary>
    [FieldOffset(16)]
    public ulong StackPointer;

    /// <summary>Before: the call's number.</summary>
    [FieldOffset(24)]
    public ulong Number;

    /// <summary>Before: its arguments.</summary>
    [FieldOffset(32)]
    public TracedArguments Arguments;

    /// <summary>Before, by seccomp: what the filter says with SECCOMP_RET_TRACE.</summary>
    [FieldOffset(80)]
    public uint FilterData;

    /// <summary>Behind: the result, or the negated errno.</summary>
    [FieldOffset(24)]
    public long Result;

    /// <summary>Behind: it failed.</summary>
    [FieldOffset(32)]
    public byte IsError;
}

/// <summary>Where a traced process has stopped. linux/ptrace.h.</summary>
public enum TracedCallStop : byte
{
    /// <summary>In no call.</summary>
    None = 0,

    /// <summary>Before one.</summary>
    Entry = 1,

    /// <summary>Behind one.</summary>
    Exit = 2,

    /// <summary>Before one, because the filter says so.</summary>
    Seccomp = 3,
}

/// <summary>The six arguments of a call.</summary>
[System.Runtime.CompilerServices.InlineArray(6)]
public struct TracedArguments
{
    internal ulong First;
}
