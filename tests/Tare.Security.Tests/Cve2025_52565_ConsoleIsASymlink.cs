using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// The terminal is bound on /dev/console, and opened by its name in /dev/pts. Where the image decides what these names are,
/// the mount or the file that is made lands elsewhere, or the terminal is a file of the attacker's (also CVE-2025-62161 of
/// youki).
/// </summary>
public sealed class Cve2025_52565_ConsoleIsASymlink
{
    private static readonly int Times = Race.Tries;
    private const string Look = "[ -t 0 ] && stat -c %t:%T /dev/console >/look; exit 0";

    [Theory]
    [InlineData("ln -s /etc/passwd console")]
    [InlineData("ln -s ../../../../../../../../../../..{outside}/console console")]
    [InlineData("ln -s {outside}/console console")]
    [InlineData("ln -s /proc/sysrq-trigger console")]
    [InlineData("touch console")]
    [InlineData("mknod console c 5 1")]
    public void The_console_is_the_containers_terminal_or_none(string plant)
    {
        using Victim victim = new();
        using Bundle bundle = new(
            ["sh", "-c", Look],
            edit: config => Terminal(config).WithoutMounts("/dev", "/dev/shm", "/dev/mqueue").Writable()
        );
        Plant(victim, bundle, $"mkdir pts; {plant}");
        string accounts = File.ReadAllText(Path.Combine(bundle.Rootfs, "etc", "passwd"));

        ToolResult result = Run(victim, bundle);

        string look = Path.Combine(bundle.Rootfs, "look");
        Assert.True(
            result.ExitCode != 0 || File.ReadAllText(look).StartsWith("88:", StringComparison.Ordinal),
            result.Errors
        );
        Assert.Equal(accounts, File.ReadAllText(Path.Combine(bundle.Rootfs, "etc", "passwd")));
        victim.HostShouldBeUntouched();
    }

    [Theory]
    [InlineData("mkdir pts; touch pts/ptmx")]
    [InlineData("mkdir pts; ln -s /dev/ptmx pts/ptmx; mknod ptmx c 5 2")]
    [InlineData("mkdir pts; mknod pts/ptmx c 5 2")]
    [InlineData("mkdir pts; mkfifo pts/ptmx")]
    [InlineData("ln -s /etc pts; touch ../etc/ptmx")]
    public void A_multiplexer_of_the_images_own_makes_no_terminal(string plant)
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", Look], edit: config => Terminal(config).WithoutDev().Writable());
        Plant(victim, bundle, plant);

        ToolResult result = Run(victim, bundle);

        Assert.NotEqual(0, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(bundle.Rootfs, "look")));
        victim.HostShouldBeUntouched();
    }

    [Fact]
    public void Whatever_is_exchanged_the_console_is_the_containers_terminal()
    {
        using Victim victim = new();
        using Bundle bundle = new(
            ["true"],
            edit: config => Terminal(config).WithoutMounts("/dev", "/dev/shm", "/dev/mqueue").Writable()
        );
        Plant(victim, bundle, "mkdir pts; touch console; ln -s {outside} link");
        using Bundle attacker = new(
            ["/bin/swap", "/shared/dev/console", "/shared/dev/link"],
            edit: config => config.Bind(bundle.Rootfs, "/shared")
        );
        Attack.Install(attacker.Rootfs, "swap");
        using RunningTool attack = victim.Start(attacker, victim.NewId(), "swapping");

        for (int i = 0; i < Times; i++)
        {
            Run(victim, bundle);
        }

        victim.HostShouldBeUntouched();
    }

    private static JsonObject Terminal(JsonObject config)
    {
        config["process"]!["terminal"] = true;
        return config;
    }

    private static void Plant(Victim victim, Bundle bundle, string plant) =>
        Tool.Run(
                "sh",
                "-c",
                $"cd {bundle.Rootfs}/dev && mknod -m 666 null c 1 3 && "
                    + plant.Replace("{outside}", victim.Outside, StringComparison.Ordinal)
            )
            .ShouldSucceed();

    // Creates the container with somebody who takes its terminal, lets it run, and waits for its end.
    private static ToolResult Run(Victim victim, Bundle bundle)
    {
        string path = Path.Combine(victim.NewFolder(), "console.sock");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        string id = victim.NewId();
        ToolResult created = victim.Create(bundle, id, "--console-socket", path);
        if (created.ExitCode != 0)
        {
            return created;
        }

        int process = victim.ProcessOf(id);
        ToolResult started = victim.Command("start", id);
        WaitForEnd(process);
        victim.Command("delete", "--force", id);
        return started;
    }

    private static void WaitForEnd(int processId)
    {
        SysResult<PidFd> opened = PidFds.Open(processId);
        if (opened.Ok)
        {
            using PidFd process = opened.Value;
            Poll.Wait(process, PollEvents.POLLIN).OrThrow("wait for the container's process");
        }
    }
}
