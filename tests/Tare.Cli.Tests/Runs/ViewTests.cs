using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>What a program sees, and what of its doing stays.</summary>
public sealed class ViewTests
{
    [Fact]
    public void What_is_written_is_gone_afterwards()
    {
        using TemporaryDirectory folder = new();
        folder.Write("kept", "before\n");
        folder.Write("removed", "");
        ToolOptions there = new() { WorkingDirectory = folder.Path };

        ToolResult result = TareProgram.Run(
            there,
            "--",
            "sh",
            "-c",
            "echo after >kept; rm removed; mkdir new; echo x >new/x; cat kept; ls; ls new"
        );

        result.ShouldSucceed();
        Assert.Equal(["after", "kept", "new", "x"], result.Lines);
        Assert.Equal("before\n", File.ReadAllText(folder.At("kept")));
        Assert.True(File.Exists(folder.At("removed")));
        Assert.False(Directory.Exists(folder.At("new")));
    }

    [Fact]
    public void What_is_written_under_a_path_that_was_named_stays()
    {
        using TemporaryDirectory folder = new();
        Directory.CreateDirectory(folder.At("mine"));
        string file = folder.Write("file", "");
        ToolOptions there = new() { WorkingDirectory = folder.Path };

        TareProgram
            .Run(
                there,
                "--read-write",
                "mine",
                "--read-write",
                file,
                "--",
                "sh",
                "-c",
                "echo x >mine/x; echo y >file; echo z >z"
            )
            .ShouldSucceed();

        Assert.Equal("x\n", File.ReadAllText(folder.At("mine", "x")));
        Assert.Equal("y\n", File.ReadAllText(file));
        Assert.False(File.Exists(folder.At("z")));
    }

    [Fact]
    public void The_working_directory_is_the_same_one()
    {
        using TemporaryDirectory folder = new();
        Directory.CreateDirectory(folder.At("a", "b c"));
        ToolOptions there = new() { WorkingDirectory = folder.At("a", "b c") };

        Assert.Equal(folder.At("a", "b c") + "\n", TareProgram.Run(there, "--", "pwd").Output);
        Assert.Equal(folder.Path + "\n", TareProgram.Run(there, "--workdir", "../..", "--", "pwd").Output);
    }

    [Fact]
    public void A_directory_that_is_no_more_is_an_error()
    {
        using TemporaryDirectory folder = new();
        ToolOptions there = new() { WorkingDirectory = folder.Path };

        ToolResult result = Tool.Run(
            "sh",
            ["-c", $"mkdir gone; cd gone; rmdir ../gone; {Programs.Tare} run -- true"],
            there
        );

        result.ShouldExitWith(125);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void The_temporary_directory_is_another_one()
    {
        using TemporaryDirectory folder = new();

        ToolResult result = TareProgram.Run(
            new ToolOptions
            {
                WorkingDirectory = "/",
                Environment = new Dictionary<string, string?> { ["HOME"] = "/nowhere" },
            },
            "--",
            "sh",
            "-c",
            "ls -A /tmp; echo x >/tmp/tare-written; cat /tmp/tare-written; stat -c %a /tmp"
        );

        Assert.Equal(["x", "1777"], result.ShouldSucceed().Lines);
        Assert.False(File.Exists("/tmp/tare-written"));
    }

    [Fact]
    public void No_process_but_its_own_is_seen_and_it_is_not_the_first()
    {
        string[] processes = TareProgram
            .Shell("echo $$; cd /proc; echo [0-9]*; tr '\\0' ' ' </proc/1/cmdline")
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["2", "1 2", "tare-init "], processes);
    }

    [Fact]
    public void It_is_in_new_namespaces_of_every_kind_but_its_user_where_that_is_root()
    {
        string[] kinds = ["cgroup", "ipc", "mnt", "net", "pid", "uts"];
        string names = string.Join(' ', kinds.Select(kind => $"/proc/self/ns/{kind}"));

        string[] inside = TareProgram.Run(["--", "readlink", .. names.Split(' ')]).ShouldSucceed().Lines;
        string[] outside = Tool.Run("readlink", names.Split(' ')).ShouldSucceed().Lines;

        Assert.Equal(kinds.Length, inside.Except(outside).Count());
    }

    [Fact]
    public void It_has_no_capability_and_can_gain_none()
    {
        string[] lines = TareProgram.Shell("grep -E '^(Cap|NoNewPrivs)' /proc/self/status").ShouldSucceed().Lines;

        Assert.Equal(6, lines.Length);
        Assert.All(lines[..5], line => Assert.EndsWith("\t0000000000000000", line, StringComparison.Ordinal));
        Assert.Equal("NoNewPrivs:\t1", lines[5]);
    }

    [Fact]
    public void A_capability_that_was_asked_for_is_there()
    {
        string[] lines = TareProgram
            .Shell("grep -E '^Cap(Eff|Bnd)' /proc/self/status", "--cap-add", "net_bind_service,CAP_CHOWN")
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["CapEff:\t0000000000000401", "CapBnd:\t0000000000000401"], lines);
    }

    [Fact]
    public void The_network_is_loopback_alone_and_it_is_up()
    {
        string[] lines = TareProgram.Shell("ls /sys/class/net; cat /sys/class/net/lo/flags").ShouldSucceed().Lines;

        Assert.Equal("lo", lines[0]);
        Assert.Equal(1, int.Parse(lines[1][2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1);
    }

    [Fact]
    public void The_machines_network_is_there_where_it_was_asked_for()
    {
        string own = Tool.Run("readlink", "/proc/self/ns/net").Output;

        Assert.Equal(own, TareProgram.Run("--net", "host", "--", "readlink", "/proc/self/ns/net").Output);
    }

    [Fact]
    public void Kernel_interfaces_cannot_be_written()
    {
        ToolResult result = TareProgram.Shell(
            "for f in /proc/sys/kernel/domainname /proc/sysrq-trigger /sys/kernel/mm/transparent_hugepage/enabled; do "
                + "[ -e $f ] || continue; echo x 2>/dev/null >$f && echo written $f; done; true"
        );

        Assert.Empty(result.ShouldSucceed().Output);
    }

    [Fact]
    public void Devices_are_the_harmless_ones()
    {
        ToolResult result = TareProgram.Shell(
            "ls /dev; echo x >/dev/null && head -c 1 /dev/zero | wc -c; stty -a </dev/tty"
        );

        string[] expected =
        [
            "fd",
            "full",
            "mqueue",
            "null",
            "ptmx",
            "pts",
            "random",
            "shm",
            "stderr",
            "stdin",
            "stdout",
            "tty",
            "urandom",
            "zero",
        ];
        Assert.Equal([.. expected, "1"], result.Lines);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public void No_descriptor_but_the_three_streams_is_passed_on()
    {
        using TemporaryDirectory folder = new();
        ToolResult result = Tool.Run(
            "sh",
            ["-c", $"exec 5</etc/passwd 9>&1; exec {Programs.Tare} run -- sh -c 'ls /proc/$$/fd'"],
            new ToolOptions { WorkingDirectory = folder.Path }
        );

        // dash keeps 10 for itself only where it reads a script.
        Assert.Equal(["0", "1", "2"], result.ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData("<&-", "1 2")]
    [InlineData(">&-", "0 2")]
    [InlineData("2>&-", "0 1")]
    [InlineData("<&- >&- 2>&-", "")]
    public void Streams_that_are_closed_stay_closed_and_are_nothing_elses(string closed, string open)
    {
        using TemporaryDirectory folder = new();
        string file = folder.Write("seen", "");

        const string Look = "for i in 0 1 2; do [ -e /proc/$$/fd/$i ] && seen=\"$seen $i\"; done";

        Tool.Run(
                "sh",
                "-c",
                $"{Programs.Tare} run --stats --read-write {file} -- sh -c '{Look}; echo $seen >{file}; exit 3' {closed}"
            )
            .ShouldExitWith(3);

        Assert.Equal(open + "\n", File.ReadAllText(file));
    }

    [Fact]
    public void The_callers_environment_is_kept()
    {
        ToolOptions options = new() { Environment = new Dictionary<string, string?> { ["TARE_TEST_VALUE"] = "a b=c" } };

        Assert.Equal("a b=c\n", TareProgram.Run(options, "--", "printenv", "TARE_TEST_VALUE").Output);
        Assert.Equal(
            "other\n",
            TareProgram.Run(options, "--env", "TARE_TEST_VALUE=other", "--", "printenv", "TARE_TEST_VALUE").Output
        );
    }

    [Fact]
    public void The_host_name_is_its_own_where_one_was_given()
    {
        Assert.Equal("box.example\n", TareProgram.Run("--hostname", "box.example", "--", "hostname").Output);
        Assert.Equal(Tool.Run("hostname").Output, TareProgram.Run("--", "hostname").Output);
    }

    [Fact]
    public void Another_user_is_that_user_with_its_groups_and_home()
    {
        Require.Root();
        ToolResult result = TareProgram.Shell("id -u; id -g; id -G; echo $HOME $USER", "--user", "nobody");

        string[] passwd = Tool.Run("getent", "passwd", "nobody").ShouldSucceed().Output.TrimEnd().Split(':');
        Assert.Equal([passwd[2], passwd[3], passwd[3], $"{passwd[5]} nobody"], result.ShouldSucceed().Lines);
        Assert.Equal(
            ["12345", "54321"],
            TareProgram.Shell("id -u; id -g", "--user", "12345:54321").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Sockets_of_the_machines_services_do_not_answer()
    {
        Require.Program("python3");
        string path = Environment.IsPrivilegedProcess ? "/run/tare-test.socket" : "";
        Assert.SkipWhen(path.Length == 0, "needs root to listen in /run");
        using System.Net.Sockets.Socket listener = new(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        try
        {
            listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            listener.Listen();
            string[] client =
            [
                "python3",
                "-c",
                $"import socket; s = socket.socket(socket.AF_UNIX); print(s.connect_ex('{path}') != 0)",
            ];

            Assert.Equal("False\n", Tool.Run(client[0], client[1..]).Output);
            Assert.Equal("True\n", TareProgram.Run(["--", .. client]).ShouldSucceed().Output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Nothing_is_left_on_the_machine()
    {
        TareProgram
            .CallAndLeaveNothing("run", "--stats", "--", "sh", "-c", "mkdir -p /a/b; sleep 1000 & setsid sleep 1000 &")
            .ShouldSucceed();

        Assert.False(Directory.Exists("/a"));
    }
}
