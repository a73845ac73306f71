using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

/// <summary>A thread from which a system call is taken away, as an old kernel or a seccomp profile does.</summary>
internal static class MissingCall
{
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    internal static void Run(Syscall call, Errno errno, Action action) =>
        OwnThread.Run(() =>
        {
            Prctl.SetNoNewPrivileges().OrThrow("prctl");
            Seccomp
                .LoadFilter([
                    new() { Code = LoadWord, Operand = 0 },
                    new()
                    {
                        Code = JumpIfEqual,
                        Operand = (uint)SyscallTable.Number(call, Interop.RunningOn),
                        JumpFalse = 1,
                    },
                    new() { Code = Return, Operand = (uint)SeccompAction.SECCOMP_RET_ERRNO | (uint)errno },
                    new() { Code = Return, Operand = (uint)SeccompAction.SECCOMP_RET_ALLOW },
                ])
                .OrThrow("seccomp");
            action();
        });
}
