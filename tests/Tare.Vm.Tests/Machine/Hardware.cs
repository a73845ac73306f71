namespace Tare.Vm.Tests.Machine;

/// <summary>A kind of machine that is emulated.</summary>
/// <param name="Name">What its kernels are called by eng/fetch-kernels.</param>
/// <param name="Emulator">The program that emulates it.</param>
/// <param name="Options">The machine and its processor.</param>
/// <param name="Line">What makes the character device "line" a serial line that is not the console.</param>
/// <param name="Console">The first serial line.</param>
public sealed record Hardware(string Name, string Emulator, string Options, string Line, string Console)
{
    /// <summary>A PC.</summary>
    public static readonly Hardware X64 = new(
        "x64",
        "qemu-system-x86_64",
        "-M pc -cpu max",
        "-serial chardev:line",
        "ttyS0"
    );

    // Signatures of pointers in a cipher that takes long are left out, and long vectors, with which .NET programs were seen to fault.
    /// <summary>A server with nearly all that emulated arm64 processors can.</summary>
    public static readonly Hardware Arm64 = new(
        "arm64",
        "qemu-system-aarch64",
        "-M virt -cpu max,pauth-impdef=on,sve=off",
        "-device pci-serial,chardev=line",
        "ttyAMA0"
    );
}
