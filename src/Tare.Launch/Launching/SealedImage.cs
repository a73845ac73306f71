using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Launch.Assembly;
using Tare.Linux;

namespace Tare.Launch;

/// <summary>The part of a plan that has an image of its own, as an executable file in memory that nobody can change.</summary>
internal static class SealedImage
{
    private const string Name = "tare";

    /// <summary>Makes the file.</summary>
    /// <param name="plan">A plan with a <see cref="SealStep"/>.</param>
    /// <param name="slots">What its inputs hold.</param>
    /// <param name="options">For tests: <see cref="LaunchOptions.KillLauncherBefore"/>, <see cref="LaunchOptions.FailAt"/>.</param>
    /// <param name="launcher">The descriptor of the launching process, or -1.</param>
    /// <param name="killer">A descriptor that the launching process is killed by when something is written, or -1.</param>
    /// <exception cref="KernelException">There is no descriptor, or the kernel forbids to execute memory.</exception>
    public static MemoryFd Make(
        LaunchPlan plan,
        Func<Slot, long> slots,
        LaunchOptions options,
        int launcher,
        int killer
    )
    {
        int steps = plan.Steps.Length - plan.Sealed!.Seal;
        InstructionEncoder encoder =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? new Arm64Encoder(steps)
                : new X64Encoder(steps);
        byte[] image = Write(plan, encoder, slots, options.KillLauncherBefore, launcher, killer, options.FailAt);
        return MemFds
            .CreateExecutable(Name, image)
            .OrThrow(
                "make an executable file in memory",
                null,
                "allow it by setting the sysctl vm.memfd_noexec to 0 or 1"
            );
    }

    /// <summary>The file's content for the encoder's processor.</summary>
    internal static byte[] Write(
        LaunchPlan plan,
        InstructionEncoder encoder,
        Func<Slot, long> slots,
        int killBefore,
        int launcher,
        int killer = -1,
        int failAt = -1
    )
    {
        MemoryLayout layout = new(plan, trace: false, encoder.Architecture, sealedPart: true);
        byte[] data = new byte[layout.Size];
        layout.Write(data, ElfImage.DataAddress);
        foreach (Slot slot in plan.Sealed!.Kept)
        {
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(MemoryLayout.OffsetOf(slot)), slots(slot));
        }

        LaunchSetup.WriteGates(data, gate: -1, launcher, killer);
        CodeGenerator.Sealed(plan, layout, encoder, ElfImage.DataAddress, killBefore, failAt);
        return ElfImage.Write(encoder.Architecture, encoder.Code, data);
    }
}
