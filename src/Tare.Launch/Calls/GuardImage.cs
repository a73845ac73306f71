using System.Runtime.InteropServices;
using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>
/// The program of a guard (<see cref="GuardCalls"/>): it waits until its standard input ends or something can be read there,
/// then kills every process that it may kill, at once, and ends. As an ELF executable.
/// </summary>
/// <remarks>
/// kill(2) of -1 goes through all processes while none can be made, and one whose parent has the signal is not made any more.
/// </remarks>
public static class GuardImage
{
    private const int SignalSetMask = 2;
    private const int SignalKill = 9;
    private const int Everybody = -1;
    private const int Calls = 4;

    /// <summary>The executable file for the processor that this process runs on.</summary>
    public static byte[] ForThisMachine() =>
        For(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64);

    /// <summary>The executable file.</summary>
    public static byte[] For(CpuArchitecture architecture)
    {
        InstructionEncoder code =
            architecture == CpuArchitecture.Arm64 ? new Arm64Encoder(Calls) : new X64Encoder(Calls);
        const long Data = (long)ElfImage.DataAddress;
        Call(code, Syscall.rt_sigprocmask, SignalSetMask, Data, 0, sizeof(ulong));
        Call(code, Syscall.read, 0, Data, 1);
        Call(code, Syscall.kill, Everybody, SignalKill);
        Call(code, Syscall.exit_group, 0);

        // A signal mask that blocks everything; what is read overwrites it.
        byte[] mask = new byte[sizeof(ulong)];
        mask.AsSpan().Fill(0xFF);
        return ElfImage.Write(architecture, code.Code, mask);
    }

    private static void Call(InstructionEncoder code, Syscall call, params ReadOnlySpan<long> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            code.LoadArgument(i, arguments[i]);
        }

        code.Syscall(SyscallTable.Number(call, code.Architecture));
    }
}
