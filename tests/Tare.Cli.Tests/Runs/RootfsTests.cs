using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>Another system's files.</summary>
public sealed class RootfsTests
{
    [Fact]
    public void Its_files_are_the_root_and_its_directory_is_the_start()
    {
        using TemporaryDirectory folder = new();
        string rootfs = BusyboxRootfs.Create(folder.At("rootfs"));

        ToolResult result = TareProgram.Run("--rootfs", rootfs, "--", "sh", "-c", "pwd; ls /; env | sort");

        string[] root = ["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp", "var"];
        string[] env =
        [
            "HOME=/root",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PWD=/",
            "SHLVL=1",
        ];
        string home = Environment.IsPrivilegedProcess ? "HOME=/root" : "HOME=/";
        Assert.Equal(
            ["/", .. root, home, .. env[1..]],
            result.ShouldSucceed().Lines.Where(line => !line.StartsWith("TERM=", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Nothing_can_be_done_to_it()
    {
        using TemporaryDirectory folder = new();
        string rootfs = BusyboxRootfs.Create(folder.At("rootfs"));
        string before = Tool.Run("find", rootfs, "-printf", "%p %m %s\\n").ShouldSucceed().Output;

        ToolResult result = TareProgram.Run(
            "--rootfs",
            rootfs,
            "--",
            "/bin/busybox",
            "sh",
            "-c",
            "/bin/busybox rm -rf /bin /etc /root /var /tmp; echo x >/x; /bin/busybox true 2>/dev/null || echo gone"
        );

        Assert.Equal("gone\n", result.Output);
        Assert.Equal(before, Tool.Run("find", rootfs, "-printf", "%p %m %s\\n").ShouldSucceed().Output);
    }

    [Fact]
    public void Its_own_users_count()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string rootfs = BusyboxRootfs.Create(folder.At("rootfs"));
        File.AppendAllText(Path.Combine(rootfs, "etc", "passwd"), "guest:x:77:78::/var:/bin/sh\n");

        ToolResult result = TareProgram.Run(
            "--rootfs",
            rootfs,
            "--user",
            "guest",
            "--",
            "sh",
            "-c",
            "id -u; id -g; echo $HOME"
        );

        Assert.Equal(["77", "78", "/var"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_link_to_it_is_as_good_as_its_name()
    {
        using TemporaryDirectory folder = new();
        BusyboxRootfs.Create(folder.At("rootfs"));
        File.CreateSymbolicLink(folder.At("link"), "rootfs");
        ToolOptions there = new() { WorkingDirectory = folder.Path };

        Assert.Equal("/\n", TareProgram.Run(there, "--rootfs", "link", "--", "pwd").ShouldSucceed().Output);
    }
}
