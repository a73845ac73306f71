using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>One of Debian's kernels.</summary>
/// <param name="Image">The file that is booted.</param>
/// <param name="Overlay">The module of the overlay file system.</param>
/// <param name="Modules">The folder with the modules that CRIU needs.</param>
internal sealed record Kernel(string Image, string Overlay, string Modules)
{
    /// <summary>The kernel of a release. Skips the test where it cannot be had.</summary>
    public static Kernel Of(string release)
    {
        ToolResult fetched = Tool.Run(
            Repository.At("eng", "fetch-x64-kernels"),
            [release],
            new ToolOptions { Deadline = TimeSpan.FromMinutes(10) }
        );
        Assert.SkipUnless(fetched.ExitCode == 0, $"no kernel of {release}: {fetched.Errors.Trim()}");
        string folder = fetched.Lines[^1];
        return new Kernel(
            Path.Combine(folder, "vmlinuz"),
            Path.Combine(folder, "overlay.ko"),
            Path.Combine(folder, "modules")
        );
    }
}
