using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>One of Debian's kernels, and the programs that run on its machine.</summary>
/// <param name="Hardware">The machine.</param>
/// <param name="Image">The file that is booted.</param>
/// <param name="Overlay">The module of the overlay file system.</param>
/// <param name="Modules">The folder with the modules that CRIU needs.</param>
/// <param name="Busybox">A static busybox.</param>
public sealed record Kernel(Hardware Hardware, string Image, string Overlay, string Modules, string Busybox)
{
    /// <summary>The native tare.</summary>
    public string Tare => Hardware == Hardware.X64 ? Programs.Tare : Programs.Arm64("tare");

    /// <summary>The native tare-oci.</summary>
    public string TareOci => Hardware == Hardware.X64 ? Programs.TareOci : Programs.Arm64("tare-oci");

    /// <summary>A native program that has Tare.Processes.</summary>
    public string Probe => Hardware == Hardware.X64 ? Programs.Probe : Programs.Arm64("Tare.Vm.Probe");

    /// <summary>The kernel of a release. Skips the test where it cannot be had.</summary>
    public static Kernel Of(Hardware hardware, string release)
    {
        ToolResult fetched = Tool.Run(
            Repository.At("eng", "fetch-kernels"),
            [$"{hardware.Name}-{release}"],
            new ToolOptions { Deadline = TimeSpan.FromMinutes(10) }
        );
        Assert.SkipUnless(
            fetched.ExitCode == 0,
            $"no kernel of {release} for {hardware.Name}: {fetched.Errors.Trim()}"
        );
        string folder = fetched.Lines[^1];
        return new Kernel(
            hardware,
            Path.Combine(folder, "vmlinuz"),
            Path.Combine(folder, "overlay.ko"),
            Path.Combine(folder, "modules"),
            hardware == Hardware.X64 ? Require.Program("busybox") : Path.Combine(folder, "busybox")
        );
    }
}
