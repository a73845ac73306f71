using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class ExecTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_program_is_added_to_the_containers_namespaces_and_cgroups()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                config["hostname"] = "inside";
                Namespaces.Set(config, "cgroup");
            })
            .Start();

        string[] lines = container
            .Exec(
                "sh",
                "-c",
                "hostname; ls /proc | grep -c '^[0-9]'; for ns in /proc/self/ns/*; do readlink $ns | sed 's/.*://'; done; exec cat /proc/self/cgroup"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal("inside", lines[0]);
        Assert.InRange(int.Parse(lines[1], CultureInfo.InvariantCulture), 3, 5);
        string[] namespaces =
        [
            "cgroup",
            "ipc",
            "mnt",
            "net",
            "pid",
            "pid_for_children",
            "time",
            "time_for_children",
            "user",
            "uts",
        ];
        Assert.Equal(
            namespaces.Select(name =>
                File.ResolveLinkTarget($"/proc/{container.ProcessId}/ns/{name}", false)!.Name.Split(':')[1]
            ),
            lines[2..(2 + namespaces.Length)]
        );
        Assert.All(lines[(2 + namespaces.Length)..], line => Assert.EndsWith(":/", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void The_exit_status_is_the_programs(string script, int status) =>
        _runtime.Create().Start().Exec("sh", "-c", script).ShouldExitWith(status);

    [Theory]
    [InlineData("nope", "exec: \"nope\": executable file not found in $PATH: ENOENT (no directory of PATH holds it)")]
    [InlineData("/nope", "exec: \"/nope\": no such file or directory: ENOENT")]
    [InlineData(
        "/etc/passwd",
        "exec: \"/etc/passwd\": permission denied: EACCES ('/etc/passwd' is not executable: chmod +x it)"
    )]
    public void A_program_that_cannot_be_executed_is_exit_status_255_and_a_text_that_callers_match(
        string program,
        string message
    )
    {
        ToolResult exec = _runtime.Create().Start().Exec(program).ShouldExitWith(255);

        Assert.Equal($"tare-oci: {message}\n", exec.Errors);
    }

    [Fact]
    public void Standard_streams_are_the_programs()
    {
        OciContainer container = _runtime.Create().Start();

        ToolResult exec = _runtime.Do(
            ["exec", container.Id, "sh", "-c", "cat; echo error >&2"],
            new ToolOptions { Input = "input\n" }
        );

        Assert.Equal("input\n", exec.ShouldSucceed().Output);
        Assert.Equal("error\n", exec.Errors);
    }

    [Fact]
    public void The_environment_is_the_containers_with_what_is_added()
    {
        OciContainer container = _runtime
            .Create(edit: config => config["process"]!["env"]!.AsArray().Add("OWN=container's"))
            .Start();

        string[] lines = _runtime
            .Do("exec", "-e", "ADDED=1", "--env", "TERM=dumb", container.Id, "env")
            .ShouldSucceed()
            .Lines;

        Assert.Contains("OWN=container's", lines);
        Assert.Contains("ADDED=1", lines);
        Assert.Contains("HOME=/root", lines);
        Assert.Equal("TERM=dumb", Assert.Single(lines, line => line.StartsWith("TERM=", StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_change_the_user_the_groups_the_directory_and_the_privileges()
    {
        OciContainer container = _runtime.Create(edit: config => config["process"]!["noNewPrivileges"] = false).Start();

        string[] lines = _runtime
            .Do(
                "exec",
                "--user=1000:1001",
                "--additional-gids=7",
                "-g",
                "8",
                "--cwd",
                "/var",
                "--no-new-privs",
                container.Id,
                "sh",
                "-c",
                "id -u; id -g; id -G; pwd; grep NoNewPrivs /proc/self/status"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["1000", "1001", "1001 7 8", "/var", "NoNewPrivs:\t1"], lines);
    }

    [Fact]
    public void Without_options_the_user_is_the_containers()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
                config["process"]!["user"] = new JsonObject
                {
                    ["uid"] = 12,
                    ["gid"] = 34,
                    ["additionalGids"] = new JsonArray(56),
                }
            )
            .Start();

        Assert.Equal(["12", "34", "34 56"], container.Exec("sh", "-c", "id -u; id -g; id -G").ShouldSucceed().Lines);
        Assert.Equal(
            ["99", "34"],
            _runtime.Do("exec", "-u", "99", container.Id, "sh", "-c", "id -u; id -g").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_capability_can_be_added()
    {
        OciContainer container = _runtime.Create().Start();
        const string Show = "grep -E 'Cap(Prm|Eff|Bnd)' /proc/self/status";

        string[] before = container.Exec("sh", "-c", Show).ShouldSucceed().Lines;
        string[] after = _runtime
            .Do("exec", "--cap", "CAP_SYS_TIME", "-c=CAP_CHOWN", container.Id, "sh", "-c", Show)
            .ShouldSucceed()
            .Lines;

        const ulong Added = (1UL << 25) | 1;
        Assert.Equal(before.Select(Set), after.Select(Set).Select(set => set & ~Added));
        Assert.All(after, line => Assert.Equal(Added, Set(line) & Added));

        static ulong Set(string line) =>
            ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_process_object_in_a_file_is_the_program_with_everything_it_says()
    {
        OciContainer container = _runtime.Create().Start();
        string file = _runtime.Folder.Write(
            "process.json",
            new JsonObject
            {
                ["args"] = new JsonArray(
                    "sh",
                    "-c",
                    "pwd; id -u; id -G; echo $ONLY $TERM; umask; ulimit -n; grep CapEff /proc/self/status"
                ),
                ["env"] = new JsonArray("PATH=/bin", "ONLY=this"),
                ["cwd"] = "/tmp",
                ["user"] = new JsonObject
                {
                    ["uid"] = 5,
                    ["gid"] = 6,
                    ["umask"] = 63,
                    ["additionalGids"] = new JsonArray(7),
                },
                ["rlimits"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "RLIMIT_NOFILE",
                        ["soft"] = 99,
                        ["hard"] = 99,
                    }
                ),
            }.ToJsonString()
        );

        foreach (string option in (string[])["--process", "-p"])
        {
            string[] lines = _runtime.Do("exec", option, file, container.Id).ShouldSucceed().Lines;

            Assert.Equal(["/tmp", "5", "6 7", "this", "0077", "99", "CapEff:\t0000000000000000"], lines);
        }
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{\"args\":[],\"cwd\":\"/\"}", "args")]
    [InlineData("{\"args\":[\"true\"]}", "cwd: is missing")]
    [InlineData("{\"args\":[\"true\"],\"cwd\":\"relative\"}", "cwd")]
    [InlineData("{\"args\":\"true\"}", "args")]
    public void A_process_object_that_is_wrong_is_named(string content, string text)
    {
        OciContainer container = _runtime.Create().Start();
        string file = _runtime.Folder.Write("process.json", content);

        ToolResult exec = _runtime.Do("exec", "--process", file, container.Id).ShouldExitWith(255);

        Assert.Contains(text, Assert.Single(exec.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_process_object_and_a_missing_program_are_errors()
    {
        OciContainer container = _runtime.Create().Start();

        Assert.Equal(
            "tare-oci: open '/nowhere.json': ENOENT (name a file with a process object)\n",
            _runtime.Do("exec", "-p", "/nowhere.json", container.Id).ShouldExitWith(255).Errors
        );
        Assert.Equal(
            "tare-oci: \"exec\" needs a program, or --process (see 'tare-oci exec --help')\n",
            _runtime.Do("exec", container.Id).ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void A_detached_program_goes_on_and_its_number_is_in_the_pid_file()
    {
        OciContainer container = _runtime.Create().Start();
        string pidFile = _runtime.Folder.At("pid");

        RunningTool exec = _runtime.Start(
            "exec",
            "--pid-file",
            pidFile,
            "--detach",
            container.Id,
            "sh",
            "-c",
            "read line; echo got $line"
        );

        Assert.Equal(0, exec.WaitForExit());
        string text = File.ReadAllText(pidFile);
        Assert.Matches("^[0-9]+$", text);
        Assert.Contains(int.Parse(text, CultureInfo.InvariantCulture), Processes.In(container));
        exec.Input.Write("it\n");
        exec.WaitForText("got it");
    }

    [Fact]
    public void Where_the_pid_file_cannot_be_written_the_program_is_ended()
    {
        OciContainer container = _runtime.Create().Start();

        ToolResult exec = _runtime
            .Do("exec", "--detach", "--pid-file", "/nowhere/pid", container.Id, "sleep", "1000")
            .ShouldExitWith(255);

        Assert.Equal("tare-oci: create the pid file '/nowhere/.pid': ENOENT\n", exec.Errors);
        Assert.Equal([container.ProcessId], Processes.In(container));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("USR1")]
    public void Signals_to_the_runtime_are_passed_on_to_the_program(string signal)
    {
        OciContainer container = _runtime.Create().Start();
        RunningTool exec = _runtime.Start(
            "exec",
            container.Id,
            "sh",
            "-c",
            $"trap 'echo got it; exit 7' {signal}; echo ready; while :; do sleep 0.01; done"
        );
        exec.WaitForText("ready");

        Tool.Run("kill", $"-{signal}", $"{exec.ProcessId}").ShouldSucceed();

        exec.Wait().ShouldExitWith(7);
    }

    [Fact]
    public void Programs_are_added_to_created_and_running_containers_and_to_no_others()
    {
        OciContainer container = _runtime.Create();
        Assert.Equal(["here"], container.Exec("echo", "here").ShouldSucceed().Lines);

        container.Start();
        Assert.Equal(["here"], container.Exec("echo", "here").ShouldSucceed().Lines);

        container.Do("pause").ShouldSucceed();
        Assert.Equal(
            "tare-oci: cannot exec in a paused container (resume it, or use --ignore-paused)\n",
            container.Exec("echo", "here").ShouldExitWith(255).Errors
        );
        RunningTool waiting = _runtime.Start("exec", "--ignore-paused", container.Id, "echo", "here");
        container.Do("resume").ShouldSucceed();
        Assert.Equal(["here"], waiting.Wait().ShouldSucceed().Lines);

        container.Stop();
        Assert.Equal(
            "tare-oci: cannot exec in a stopped container\n",
            container.Exec("echo", "here").ShouldExitWith(255).Errors
        );
        Assert.Equal(
            "tare-oci: container does not exist: 'nobody'\n",
            _runtime.Do("exec", "nobody", "echo", "here").ShouldExitWith(255).Errors
        );
    }

    [Theory]
    [InlineData(
        "--process-label",
        "process.selinuxLabel: selinux label is specified in config, but selinux is disabled"
    )]
    [InlineData(
        "--apparmor",
        "process.apparmorProfile: apparmor profile 'a:b' is specified in config, but apparmor is"
    )]
    public void A_label_of_a_security_module_that_this_machine_has_not_is_refused(string option, string error)
    {
        Assert.SkipWhen(Tare.Linux.SecurityModules.HasAppArmor || Tare.Linux.SecurityModules.HasSelinux, "has one");

        ToolResult exec = _runtime.Do("exec", option, "a:b", _runtime.Create().Start().Id, "true").ShouldExitWith(255);

        Assert.StartsWith($"tare-oci: {error}", exec.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capability_that_is_none_is_told_and_left_out()
    {
        ToolResult exec = _runtime.Do(
            "--debug",
            "exec",
            "--cap",
            "CAP_IMAGINARY",
            _runtime.Create().Start().Id,
            "echo",
            "runs"
        );

        Assert.Equal(["runs"], exec.ShouldSucceed().Lines);
        Assert.Contains("'CAP_IMAGINARY' is no capability and is left out", exec.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--user", "root")]
    [InlineData("--user", "1:2:3")]
    [InlineData("--user", "-1")]
    [InlineData("--additional-gids", "wheel")]
    public void Users_and_groups_are_numbers(string option, string value)
    {
        ToolResult exec = _runtime.Do("exec", option, value, _runtime.Create().Start().Id, "true").ShouldExitWith(1);

        Assert.StartsWith($"tare-oci: invalid value \"{value.Split(':')[0]}", exec.Errors, StringComparison.Ordinal);
        Assert.Contains($"for {option}", exec.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_programs_are_added_at_once()
    {
        OciContainer container = _runtime.Create().Start();

        RunningTool[] execs =
        [
            .. Enumerable
                .Range(0, 8)
                .Select(i => _runtime.Start("exec", container.Id, "sh", "-c", $"echo {i}; exit {i}")),
        ];

        for (int i = 0; i < execs.Length; i++)
        {
            Assert.Equal([$"{i}"], execs[i].Wait().ShouldExitWith(i).Lines);
        }

        Assert.Equal([container.ProcessId], Processes.In(container));
    }

    public void Dispose() => _runtime.Dispose();
}
