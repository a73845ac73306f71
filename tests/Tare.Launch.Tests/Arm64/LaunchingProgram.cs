using System.Buffers.Binary;
using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Arm64;

/// <summary>
/// A program for arm64 that makes an eventfd and a pidfd of itself, makes each of several launches, and then does what one
/// more plan says. The launches' code and data are the product's own; what calls it is written here.
/// </summary>
internal static class LaunchingProgram
{
    /// <summary>The descriptor that gates wait for.</summary>
    public const int EventFd = 3;

    /// <summary>The descriptor of the program's own process.</summary>
    public const int OwnPidFd = 4;

    /// <summary>The first launch's pidfd. One that has gates has two: the holder's and the child's.</summary>
    public const int FirstPidFd = 5;

    public static byte[] Write(IReadOnlyList<LaunchData> launches, LaunchData afterwards)
    {
        List<byte[]> functions = [];
        foreach (LaunchData launch in launches)
        {
            Arm64Encoder function = new();
            CodeGenerator.Launch(launch.Plan, launch.Layout, function, launch.Address, trace: false, launch.KillBefore);
            functions.Add(function.Code.ToArray());
        }

        List<byte> main = [.. MakeDescriptors()];
        List<int> calls = [];
        foreach (LaunchData launch in launches)
        {
            Arm64Encoder argument = new();
            argument.LoadArgument(0, (long)launch.Address);
            main.AddRange(argument.Code);
            calls.Add(main.Count);
            main.AddRange(new byte[4]);
            main.AddRange(WaitForChild(launch));
        }

        Arm64Encoder rest = new();
        rest.LoadArgument(0, (long)afterwards.Address);
        CodeGenerator.ChildOnly(afterwards.Plan, afterwards.Layout, rest, afterwards.Address);
        main.AddRange(rest.Code);

        for (int i = 0; i < functions.Count; i++)
        {
            byte[] call = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(call, 0x9400_0000 | (uint)((main.Count - calls[i]) / 4)); // bl
            for (int k = 0; k < call.Length; k++)
            {
                main[calls[i] + k] = call[k];
            }

            main.AddRange(functions[i]);
        }

        return ElfImage.Write(CpuArchitecture.Arm64, main.ToArray(), Data([.. launches, afterwards]));
    }

    private static byte[] MakeDescriptors()
    {
        const int SemaphoreNonBlockingCloseOnExec = 0x80801;
        Arm64Encoder code = new();
        code.LoadArgument(0, 0);
        code.LoadArgument(1, SemaphoreNonBlockingCloseOnExec);
        Call(code, Syscall.eventfd2);

        // Its result is the next call's first argument: x0 is both.
        Call(code, Syscall.getpid);
        code.LoadArgument(1, 0);
        Call(code, Syscall.pidfd_open);
        return code.Code.ToArray();
    }

    // What is launched next has its descriptors after this one's.
    private static byte[] WaitForChild(LaunchData launch)
    {
        const int FutexWait = 0;
        Arm64Encoder code = new();
        if (launch.Plan.WaitsForParent)
        {
            code.LoadArgument(0, (long)launch.Address + ControlBlock.Holding);
            code.LoadArgument(1, FutexWait);
            code.LoadArgument(2, ControlBlock.Making);
            code.LoadArgument(3, 0);
            Call(code, Syscall.futex);
        }

        return code.Code.ToArray();
    }

    private static void Call(Arm64Encoder code, Syscall call) =>
        code.Syscall(SyscallTable.Number(call, CpuArchitecture.Arm64));

    private static byte[] Data(IReadOnlyList<LaunchData> parts)
    {
        byte[] all = new byte[parts.Max(part => (int)(part.Address - ElfImage.DataAddress) + part.Bytes.Length)];
        foreach (LaunchData part in parts)
        {
            part.Bytes.CopyTo(all.AsSpan((int)(part.Address - ElfImage.DataAddress)));
        }

        return all;
    }
}
