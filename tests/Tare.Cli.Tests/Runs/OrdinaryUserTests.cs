using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>What a user without privileges has: a user namespace with its own number in it.</summary>
public sealed class OrdinaryUserTests
{
    [Fact]
    public void The_program_is_that_user_and_no_other()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Shell(
            "id -u; id -g; cat /proc/self/uid_map; grep -E 'CapEff|NoNew' /proc/self/status"
        );

        string id = OrdinaryUser.Id.ToString(CultureInfo.InvariantCulture);
        string[] lines = result.ShouldSucceed().Lines;
        Assert.Equal([id, id], lines[..2]);
        Assert.Equal([id, id, "1"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["CapEff:\t0000000000000000", "NoNewPrivs:\t1"], lines[3..]);
    }

    [Fact]
    public void What_it_owns_can_be_written_and_is_as_before_afterwards()
    {
        using OrdinaryUser user = new();
        string file = Path.Combine(user.Home, "file");
        File.WriteAllText(file, "before\n");

        ToolResult result = user.Shell("pwd; rm file; echo after >file; cat file; mkdir d && ls");

        Assert.Equal([user.Home, "after", "d", "file"], result.ShouldSucceed().Lines);
        Assert.Equal("before\n", File.ReadAllText(file));
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(user.Home));
    }

    [Fact]
    public void A_home_that_lies_elsewhere_than_in_the_temporary_directory_is_overlaid_too()
    {
        using OrdinaryUser user = new();
        string home = string.Create(CultureInfo.InvariantCulture, $"/home/tare-test-{Environment.ProcessId}");
        OrdinaryUser.MakeDirectory(home);
        try
        {
            ToolOptions options = user.Options with
            {
                WorkingDirectory = home,
                Environment = new Dictionary<string, string?> { ["HOME"] = home },
            };

            ToolResult result = Tool.Run(user.Tare, ["run", "--", "sh", "-c", "echo x >x; ls; ls ~"], options);

            Assert.Equal(["x", "x"], result.ShouldSucceed().Lines);
            Assert.Empty(Directory.EnumerateFileSystemEntries(home));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public void All_else_is_read_only_and_temporary_directories_are_empty()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Shell(
            "cd /; for d in /etc /usr /var /root /home; do touch $d/x 2>/dev/null && echo wrote in $d; done; "
                + "ls -A /var/tmp /run; echo x >/tmp/x && echo y >/var/tmp/y && echo z >/run/z && cat /tmp/x /var/tmp/y /run/z"
        );

        Assert.Equal(["/run:", "", "/var/tmp:", "x", "y", "z"], result.ShouldSucceed().Lines);
        Assert.False(File.Exists("/var/tmp/y"));
    }

    [Fact]
    public void Another_users_directory_is_shown_but_cannot_be_written()
    {
        using OrdinaryUser user = new();
        using TemporaryDirectory folder = new();
        folder.Write("file", "content\n");

        ToolResult result = Tool.Run(
            user.Tare,
            ["run", "--", "sh", "-c", "cat file; touch x 2>/dev/null || echo refused"],
            user.Options with
            {
                WorkingDirectory = folder.Path,
            }
        );

        Assert.Equal(["content", "refused"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void What_is_shown_as_it_is_stays_written()
    {
        using OrdinaryUser user = new();
        OrdinaryUser.MakeDirectory(Path.Combine(user.Home, "out"));

        user.Shell("echo x >out/x; echo y >y", "--read-write", "out").ShouldSucceed();

        Assert.Equal("x\n", File.ReadAllText(Path.Combine(user.Home, "out", "x")));
        Assert.False(File.Exists(Path.Combine(user.Home, "y")));
    }

    [Fact]
    public void It_can_appear_as_root_without_being_it()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Shell("id -u; touch mine && stat -c %u mine; cat /etc/shadow", "--user", "root");

        Assert.Equal(["0", "0"], result.Lines);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public void A_capability_counts_over_its_own_namespace()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Shell(
            "mount -t tmpfs none /mnt && echo mounted; hostname other && hostname",
            "--user",
            "root",
            "--cap-add",
            "SYS_ADMIN"
        );

        Assert.Equal(["mounted", "other"], result.ShouldSucceed().Lines);
        Assert.NotEqual("other\n", Tool.Run("hostname").Output);
    }

    [Fact]
    public void Names_of_machines_are_found_over_the_machines_network()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Shell(
            "ls /sys/class/net; cat /etc/resolv.conf >/dev/null && echo readable",
            "--net",
            "host"
        );

        Assert.Equal(
            [
                .. Directory
                    .EnumerateDirectories("/sys/class/net")
                    .Select(Path.GetFileName)
                    .Order(StringComparer.Ordinal),
                "readable",
            ],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_sandbox_can_be_had_in_a_sandbox()
    {
        using OrdinaryUser user = new();
        Tool.InstallProgram(user.Tare, Path.Combine(user.Home, "tare"));

        ToolResult result = user.Call("run", "--", "./tare", "run", "--", "sh", "-c", "echo x >x; ls; echo $$");

        Assert.Equal(["tare", "x", "2"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void Root_has_one_in_its_own_where_it_keeps_the_capabilities()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        ToolOptions there = new() { WorkingDirectory = folder.Path };
        string tare = folder.At("tare");
        Tool.InstallProgram(Programs.Tare, tare);

        Assert.Equal(
            "2\n",
            TareProgram.Run(there, "--cap-add", "ALL", "--", tare, "run", "--", "sh", "-c", "echo $$").Output
        );

        ToolResult refused = TareProgram.Run(there, "--", tare, "run", "--", "true");
        refused.ShouldExitWith(125);
        Assert.Contains("--cap-add ALL", refused.Errors, StringComparison.Ordinal);
    }
}
