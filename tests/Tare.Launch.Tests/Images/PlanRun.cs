using System.Runtime.InteropServices;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Images;

/// <summary>Runs what a plan's child does as a program of its own: on this processor, or emulated by qemu-user.</summary>
internal static class PlanRun
{
    public static ToolResult Run(
        LaunchPlan plan,
        CpuArchitecture architecture,
        params ReadOnlySpan<(Slot Slot, long Value)> inputs
    ) => Run(PlanImage.Write(plan, architecture, inputs), architecture);

    /// <summary>Runs a program for one of the architectures.</summary>
    public static ToolResult Run(byte[] program, CpuArchitecture architecture)
    {
        string? emulator = Emulator(architecture);
        using TemporaryDirectory folder = new();
        string image = folder.At("image");
        File.WriteAllBytes(image, program);
        if (emulator is not null)
        {
            File.SetUnixFileMode(image, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return Tool.Run(emulator, image);
        }

        // Another test that starts a program meanwhile would hold a file open that this process wrote, and the kernel
        // executes no file that is open for writing (ETXTBSY).
        string installed = folder.At("program");
        Tool.Run("install", "-m", "500", image, installed).ShouldSucceed();
        return Tool.Run(installed);
    }

    private static string? Emulator(CpuArchitecture architecture)
    {
        Architecture native = architecture == CpuArchitecture.X64 ? Architecture.X64 : Architecture.Arm64;
        if (RuntimeInformation.ProcessArchitecture == native)
        {
            return null;
        }

        return Require.Program(architecture == CpuArchitecture.X64 ? "qemu-x86_64-static" : "qemu-aarch64-static");
    }
}
