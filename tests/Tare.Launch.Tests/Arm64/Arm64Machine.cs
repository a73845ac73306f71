using Tare.Fixtures;

namespace Tare.Launch.Tests.Arm64;

/// <summary>An emulated arm64 machine with Debian's kernel.</summary>
internal static class Arm64Machine
{
    /// <summary>Boots an initial file system until its /init powers the machine off; gives what the console said.</summary>
    public static string Boot(byte[] files)
    {
        string emulator = Require.Program("qemu-system-aarch64");
        ToolResult fetched = Tool.Run(
            Repository.At("eng", "fetch-kernels"),
            ["arm64-bookworm"],
            new ToolOptions { Deadline = TimeSpan.FromMinutes(10) }
        );
        Assert.SkipUnless(fetched.ExitCode == 0, $"no arm64 kernel: {fetched.Errors.Trim()}");

        using TemporaryDirectory folder = new();
        string archive = folder.At("init.cpio");
        File.WriteAllBytes(archive, files);
        ToolResult result = Tool.Run(
            emulator,
            [
                .. "-M virt -cpu cortex-a57 -smp 1 -m 512 -nographic -nic none -no-reboot -kernel".Split(' '),
                Path.Combine(fetched.Lines[^1], "vmlinuz"),
                "-initrd",
                archive,
                "-append",
                "console=ttyAMA0 quiet panic=-1",
            ],
            new ToolOptions { Deadline = TimeSpan.FromMinutes(10) }
        );
        return result.ShouldSucceed().Output.ReplaceLineEndings("\n");
    }
}
