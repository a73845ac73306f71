using System.Globalization;
using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// A directory of the host that the runtime, or whoever called it, has open is reached through /proc/self/fd: as working
/// directory, or on the way to the program, which is looked up while it is still open.
/// </summary>
public sealed class Cve2024_21626_WorkingDirectoryLeak
{
    private const int Highest = 24;

    // The caller leaks the host's root as 3, 7 and 9; the runtime has descriptors of its own between and above.
    private const string Leak = "exec 3</ 7</ 9</; exec \"$@\"";

    public static TheoryData<string> Directories =>
        new(
            "/proc/self/fd/{0}",
            "/proc/self/fd/{0}/../../../..",
            "/proc/thread-self/fd/{0}",
            "/link/{0}",
            "/link/../fd/{0}"
        );

    [Theory]
    [MemberData(nameof(Directories))]
    public void A_working_directory_lies_inside(string pattern)
    {
        using Victim victim = new();
        for (int number = 3; number < Highest; number++)
        {
            string cwd = string.Format(CultureInfo.InvariantCulture, pattern, number);
            using Bundle bundle = new(
                ["sh", "-c", $"cat .{victim.Canary} || cat ../../../../..{victim.Canary}"],
                edit: config => config.Cwd(cwd).Writable()
            );
            File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "link"), "/proc/self/fd");

            ToolResult result = Tool.Run(
                "sh",
                "-c",
                Leak,
                "sh",
                victim.Runtime,
                "--root",
                victim.State,
                "run",
                "--bundle",
                bundle.Path,
                victim.NewId()
            );

            Assert.NotEqual(0, result.ExitCode);
            Assert.DoesNotContain("secret", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void The_working_directory_of_an_added_program_lies_inside(string pattern)
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "ln -s /proc/self/fd /link; echo ready; cat"], edit: c => c.Writable());
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");
        for (int number = 3; number < Highest; number++)
        {
            string cwd = string.Format(CultureInfo.InvariantCulture, pattern, number);

            ToolResult result = Execute(victim, id, "--cwd", cwd, "sh", "-c", $"cat .{victim.Canary}");

            Assert.NotEqual(0, result.ExitCode);
            Assert.DoesNotContain("secret", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/proc/self/fd/{0}{1}")]
    [InlineData("/proc/self/fd/{0}/../../../../..{1}")]
    [InlineData("/bin/script-{0}")]
    public void A_program_is_one_of_the_container(string pattern)
    {
        using Victim victim = new();
        string program = Path.Combine(victim.NewFolder(), "host-program");
        Tool.InstallProgram(Attack.Program("give"), program);
        using Bundle bundle = new(["sh", "-c", "echo ready; cat"]);
        for (int number = 3; number < Highest; number++)
        {
            string script = Path.Combine(bundle.Rootfs, "bin", $"script-{number}");
            File.WriteAllText(script, $"#!/proc/self/fd/{number}{program}\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");
        for (int number = 3; number < Highest; number++)
        {
            string path = string.Format(CultureInfo.InvariantCulture, pattern, number, program);
            ToolResult added = Execute(victim, id, path);
            using Bundle first = new([path], bundle.Rootfs);
            ToolResult run = Tool.Run(
                "sh",
                "-c",
                Leak,
                "sh",
                victim.Runtime,
                "--root",
                victim.State,
                "run",
                "--bundle",
                first.Path,
                victim.NewId()
            );

            Assert.All([added, run], result => Assert.NotEqual(0, result.ExitCode));
            Assert.All([added, run], result => Assert.DoesNotContain("Cap", result.Output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Nothing_but_standard_streams_is_open_in_a_program()
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "ls /proc/self/fd; echo ready; cat"]);
        string id = victim.NewId();
        using RunningTool running = Tool.Start(
            "sh",
            "-c",
            Leak,
            "sh",
            victim.Runtime,
            "--root",
            victim.State,
            "run",
            "--bundle",
            bundle.Path,
            id
        );
        running.WaitForText("ready");

        // The last one is the directory that is being listed.
        Assert.Equal("0\n1\n2\n3\nready\n", running.Output);
        Assert.Equal(["0", "1", "2", "3"], Execute(victim, id, "ls", "/proc/self/fd").ShouldSucceed().Lines);
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void The_attack_reads_the_host_where_a_descriptor_leaks()
    {
        using Victim victim = new();
        using Bundle bundle = new(["true"]);

        ToolResult result = Tool.Run(
            "unshare",
            "--mount",
            "sh",
            "-c",
            $"mount -t proc proc {bundle.Rootfs}/proc; exec 7</; "
                + $"chroot {bundle.Rootfs} /bin/sh -c 'cd /proc/self/fd/7 && cat .{victim.Canary}'"
        );

        Assert.Equal("secret of the host\n", result.Output);
    }

    private static ToolResult Execute(Victim victim, string id, params string[] arguments)
    {
        int options = arguments is ["--cwd", ..] ? 2 : 0;
        return Tool.Run(
            "sh",
            [
                "-c",
                Leak,
                "sh",
                victim.Runtime,
                "--root",
                victim.State,
                "exec",
                .. arguments[..options],
                id,
                .. arguments[options..],
            ],
            new ToolOptions()
        );
    }
}
