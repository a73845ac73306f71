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
    )
    {
        string? emulator = Emulator(architecture);
        using TemporaryDirectory folder = new();
        string file = folder.At("plan");
        File.WriteAllBytes(file, PlanImage.Write(plan, architecture, inputs));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return emulator is null ? Tool.Run(file) : Tool.Run(emulator, file);
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
