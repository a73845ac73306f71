using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>What a virtual machine begins with: busybox, the programs under test, and the scripts in Guest/.</summary>
internal static class InitialFiles
{
    /// <summary>An ordinary user of the machine.</summary>
    public const int UserId = 1000;

    private static readonly string Users =
        $"root:x:0:0:root:/root:/bin/sh\nuser:x:{UserId}:{UserId}:user:/tmp:/bin/sh\n";

    /// <summary>The archive that a machine whose first process is systemd begins with, on top of Debian's files.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="more">Adds more files.</param>
    public static byte[] MakeForSystemd(Kernel kernel, Action<CpioArchive, Kernel>? more)
    {
        ToolResult made = Tool.Run(
            Repository.At("eng", "make-systemd-rootfs"),
            [],
            new ToolOptions { Deadline = TimeSpan.FromMinutes(10) }
        );
        Assert.SkipUnless(made.ExitCode == 0, $"no files of a Debian with systemd: {made.Errors.Trim()}");

        // Debian's /bin and /lib are links, which naming them as directories would replace.
        CpioArchive files = new CpioArchive()
            .Directory("programs")
            .Program("init", Guest("systemd-init"))
            .File("lib/agent", Guest("agent"))
            .File("lib/guest", Guest("guest"))
            .File("lib/overlay.ko", File.ReadAllBytes(kernel.Overlay))
            .File("etc/systemd/system/tare.target", Guest("tare.target"))
            .File("etc/systemd/system/tare-agent.service", Guest("tare-agent.service"));
        AddPrograms(files, kernel);
        more?.Invoke(files, kernel);
        return [.. File.ReadAllBytes(made.Lines[^1]), .. files.Finish()];
    }

    /// <summary>The archive for a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="more">Adds more files.</param>
    public static byte[] Make(Kernel kernel, Action<CpioArchive, Kernel>? more)
    {
        CpioArchive files = new CpioArchive()
            .Directory("dev")
            .Device("dev/console", 5, 1)
            .Directory("bin")
            .Directory("programs")
            .Directory("etc")
            .Directory("lib")
            .Program("init", Guest("init"))
            .Program("bin/busybox", File.ReadAllBytes(kernel.Busybox))
            .File("etc/passwd", System.Text.Encoding.UTF8.GetBytes(Users))
            .File("etc/group", "root:x:0:\ntty:x:5:\nuser:x:1000:\n"u8)
            .File("lib/agent", Guest("agent"))
            .File("lib/guest", Guest("guest"))
            .File("lib/profiles", Policies.Profiles())
            .File("lib/contexts", Policies.Contexts())
            .File("lib/overlay.ko", File.ReadAllBytes(kernel.Overlay));
        AddPrograms(files, kernel);
        more?.Invoke(files, kernel);
        return files.Finish();
    }

    private static void AddPrograms(CpioArchive files, Kernel kernel)
    {
        foreach (string program in (string[])[kernel.Tare, kernel.TareOci])
        {
            files.Program($"programs/{Path.GetFileName(program)}", File.ReadAllBytes(program));
        }
    }

    private static byte[] Guest(string name) =>
        File.ReadAllBytes(Repository.At("tests", "Tare.Vm.Tests", "Guest", name));
}
