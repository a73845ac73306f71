using System.Buffers.Binary;
using Tare.Launch.Assembly;
using Tare.Launch.Tests.Images;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Arm64;

/// <summary>
/// A program for arm64 that makes an eventfd (descriptor 3), makes each of several launches, and then does what one more
/// plan says. The launches' code is the product's own; what calls it is written here.
/// </summary>
internal static class LaunchingProgram
{
    public static byte[] Write(IReadOnlyList<LaunchData> launches, LaunchData afterwards)
    {
        List<byte[]> functions = [];
        foreach (LaunchData launch in launches)
        {
            Arm64Encoder function = new();
            CodeGenerator.Launch(launch.Plan, launch.Layout, function, launch.Address, trace: false, killBefore: -1);
            functions.Add(function.Code.ToArray());
        }

        List<byte> main = [.. MakeEventFd()];
        List<int> calls = [];
        foreach (LaunchData launch in launches)
        {
            Arm64Encoder argument = new();
            argument.LoadArgument(0, (long)launch.Address);
            main.AddRange(argument.Code);
            calls.Add(main.Count);
            main.AddRange(new byte[4]);
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

    private static byte[] MakeEventFd()
    {
        const int NonBlocking = 0x800;
        Arm64Encoder code = new();
        code.LoadArgument(0, 0);
        code.LoadArgument(1, NonBlocking);
        code.Syscall(SyscallTable.Number(Syscall.eventfd2, CpuArchitecture.Arm64));
        return code.Code.ToArray();
    }

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
