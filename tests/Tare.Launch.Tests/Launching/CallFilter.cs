using System.Runtime.InteropServices;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>A system call that a thread, and what it launches, is refused: as an old kernel or a strict system does.</summary>
internal sealed record CallFilter(Syscall Call, Errno Errno)
{
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpIfGreaterOrEqual = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K
    private const int NumberOffset = 0;
    private const int ArgumentsOffset = 16;

    /// <summary>Only calls whose second argument is at least this.</summary>
    public uint Second { get; init; }

    /// <summary>Only calls whose third argument is this, where it is given.</summary>
    public uint? Third { get; init; }

    /// <summary>Does something on a thread with the filter.</summary>
    public static void Run(CallFilter filter, Action action) =>
        OwnThread.Run(() =>
        {
            Prctl.SetNoNewPrivileges().OrThrow("prctl");
            Seccomp.LoadFilter(filter.Program()).OrThrow("seccomp");
            action();
        });

    // Every test that fails leads to the last instruction, which allows.
    private SocketFilter[] Program()
    {
        CpuArchitecture architecture =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64;
        uint third = Third ?? 0;
        return
        [
            new() { Code = LoadWord, Operand = NumberOffset },
            new()
            {
                Code = JumpIfEqual,
                Operand = (uint)SyscallTable.Number(Call, architecture),
                JumpFalse = 5,
            },
            new() { Code = LoadWord, Operand = ArgumentsOffset + 8 },
            new()
            {
                Code = JumpIfGreaterOrEqual,
                Operand = Second,
                JumpFalse = 3,
            },
            new() { Code = LoadWord, Operand = ArgumentsOffset + 16 },
            new()
            {
                Code = Third is null ? JumpIfGreaterOrEqual : JumpIfEqual,
                Operand = third,
                JumpFalse = 1,
            },
            new() { Code = Return, Operand = (uint)SeccompAction.SECCOMP_RET_ERRNO | (uint)Errno },
            new() { Code = Return, Operand = (uint)SeccompAction.SECCOMP_RET_ALLOW },
        ];
    }
}
