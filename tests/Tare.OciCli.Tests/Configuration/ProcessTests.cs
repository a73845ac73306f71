using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void The_user_the_group_and_the_supplementary_groups_are_those_asked_for() =>
        Assert.Equal(
            ["1000", "2000", "2000 3000 4000"],
            _runtime.Lines(
                "id -u; id -g; id -G",
                config =>
                    config["process"]!["user"] = new JsonObject
                    {
                        ["uid"] = 1000,
                        ["gid"] = 2000,
                        ["additionalGids"] = new JsonArray(3000, 4000),
                    }
            )
        );

    [Fact]
    public void Without_supplementary_groups_the_callers_are_dropped()
    {
        ToolResult run = Tool.Run(
            "setpriv",
            "--groups=7,8",
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            "run",
            "--bundle",
            _runtime.NewBundle(["id", "-G"]).Path,
            _runtime.NewId()
        );

        Assert.Equal(["0"], run.ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData(null, "0022")]
    [InlineData(63, "0077")]
    [InlineData(0, "0000")]
    public void The_umask_is_the_one_asked_for_and_else_the_runtimes(int? umask, string shown) =>
        Assert.Equal(
            [shown],
            _runtime
                .Shell(
                    "umask 022; oci run --bundle \"$1\" \"$2\"",
                    _runtime
                        .NewBundle(
                            ["sh", "-c", "umask"],
                            config =>
                            {
                                if (umask is { } mask)
                                {
                                    config["process"]!["user"]!["umask"] = mask;
                                }
                            }
                        )
                        .Path,
                    _runtime.NewId()
                )
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void The_capability_sets_are_exactly_those_asked_for()
    {
        string[] lines = _runtime.Lines(
            "grep ^Cap /proc/self/status",
            config =>
            {
                config["process"]!["noNewPrivileges"] = false;
                config["process"]!["capabilities"] = new JsonObject
                {
                    ["bounding"] = new JsonArray("CAP_CHOWN", "CAP_KILL", "CAP_NET_ADMIN"),
                    ["permitted"] = new JsonArray("CAP_CHOWN", "CAP_KILL"),
                    ["effective"] = new JsonArray("CAP_KILL"),
                    ["inheritable"] = new JsonArray("CAP_CHOWN"),
                    ["ambient"] = new JsonArray("CAP_CHOWN"),
                };
            }
        );

        // root's program gets what is inheritable or in the bounding set. capabilities(7).
        Assert.Equal(Set(0), Shown(lines, "CapInh"));
        Assert.Equal(Set(0, 5, 12), Shown(lines, "CapPrm"));
        Assert.Equal(Set(0, 5, 12), Shown(lines, "CapEff"));
        Assert.Equal(Set(0, 5, 12), Shown(lines, "CapBnd"));
        Assert.Equal(Set(0), Shown(lines, "CapAmb"));
    }

    [Fact]
    public void Another_user_keeps_only_ambient_capabilities()
    {
        string[] lines = _runtime.Lines(
            "grep ^Cap /proc/self/status",
            config =>
            {
                config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
                config["process"]!["capabilities"] = new JsonObject
                {
                    ["bounding"] = new JsonArray("CAP_CHOWN", "CAP_KILL"),
                    ["permitted"] = new JsonArray("CAP_CHOWN", "CAP_KILL"),
                    ["effective"] = new JsonArray("CAP_CHOWN", "CAP_KILL"),
                    ["inheritable"] = new JsonArray("CAP_KILL"),
                    ["ambient"] = new JsonArray("CAP_KILL"),
                };
            }
        );

        Assert.Equal(Set(5), Shown(lines, "CapPrm"));
        Assert.Equal(Set(5), Shown(lines, "CapEff"));
        Assert.Equal(Set(0, 5), Shown(lines, "CapBnd"));
        Assert.Equal(Set(5), Shown(lines, "CapAmb"));
    }

    [Fact]
    public void Without_capabilities_there_are_none()
    {
        string[] lines = _runtime.Lines(
            "grep ^Cap /proc/self/status",
            config => config["process"]!.AsObject().Remove("capabilities")
        );

        Assert.All(lines, line => Assert.EndsWith("0000000000000000", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_of_few_open_files_keeps_no_program_from_being_found_at_create()
    {
        OciContainer container = _runtime.Create(
            ["sh", "-c", "ulimit -n; ulimit -Hn"],
            config => config["process"]!["rlimits"] = new JsonArray(Limit("RLIMIT_NOFILE", 10, 12))
        );

        container.Start();

        Assert.Equal(["10", "12"], container.Creation.Wait().ShouldSucceed().Lines);
    }

    [Fact]
    public void Limits_are_set_soft_and_hard()
    {
        string[] lines = _runtime.Lines(
            "grep -E 'open files|core file|processes|stack' /proc/self/limits",
            config =>
                config["process"]!["rlimits"] = new JsonArray(
                    Limit("RLIMIT_NOFILE", 100, 200),
                    Limit("RLIMIT_CORE", 0, 0),
                    Limit("RLIMIT_NPROC", 50, 60),
                    Limit("RLIMIT_STACK", 1 << 20, 2 << 20)
                )
        );

        Assert.Equal(["1048576", "2097152"], Values(lines, "Max stack size"));
        Assert.Equal(["0", "0"], Values(lines, "Max core file size"));
        Assert.Equal(["50", "60"], Values(lines, "Max processes"));
        Assert.Equal(["100", "200"], Values(lines, "Max open files"));
    }

    [Fact]
    public void A_limit_that_this_machine_refuses_is_named()
    {
        Assert.SkipWhen(
            (
                ulong.Parse(
                    Processes.Status(Environment.ProcessId, "CapEff"),
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture
                ) & (1UL << 24)
            ) != 0,
            "root may raise limits here"
        );

        ToolResult run = _runtime
            .Run(
                ["true"],
                config => config["process"]!["rlimits"] = new JsonArray(Limit("RLIMIT_NOFILE", 1 << 29, 1 << 29))
            )
            .ShouldExitWith(1);

        Assert.StartsWith("tare-oci: set RLIMIT_NOFILE: EPERM", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(true, "NoNewPrivs:\t1")]
    [InlineData(false, "NoNewPrivs:\t0")]
    public void New_privileges_are_forbidden_if_that_is_asked_for(bool value, string line) =>
        Assert.Equal(
            [line],
            _runtime.Lines("grep NoNewPrivs /proc/self/status", config => config["process"]!["noNewPrivileges"] = value)
        );

    [Fact]
    public void The_environment_is_the_configurations_and_home_is_the_users()
    {
        string[] lines = _runtime.Lines(
            "env",
            config => config["process"]!["env"] = new JsonArray("PATH=/bin", "A=b=c", "EMPTY=", "A=last")
        );

        Assert.Equal(
            ["A=last", "EMPTY=", "HOME=/root", "PATH=/bin"],
            lines.Where(IsOurs).Order(StringComparer.Ordinal)
        );

        static bool IsOurs(string line) =>
            !line.StartsWith("PWD=", StringComparison.Ordinal) && !line.StartsWith("SHLVL=", StringComparison.Ordinal);
    }

    // No shell: one takes the last of two by itself, while getenv(3) takes the first.
    [Fact]
    public void Of_two_variables_of_one_name_only_the_last_is_the_programs() =>
        Assert.Equal(
            ["PATH=/bin", "B=1", "A=last", "HOME=/root"],
            _runtime
                .Run(
                    ["env"],
                    config => config["process"]!["env"] = new JsonArray("A=first", "PATH=/bin", "B=1", "A=last")
                )
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void The_working_directory_is_the_one_asked_for_and_is_made_where_it_is_missing()
    {
        Assert.Equal(["/proc/sys"], _runtime.Lines("pwd", config => config["process"]!["cwd"] = "/proc/sys"));
        Assert.Equal(
            ["/tmp/made/for/it"],
            _runtime.Lines(
                "pwd",
                config =>
                {
                    ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                    config["process"]!["cwd"] = "/tmp/made/for/it";
                }
            )
        );
    }

    [Fact]
    public void The_oom_score_can_be_raised() =>
        Assert.Equal(
            ["321"],
            _runtime.Lines("cat /proc/self/oom_score_adj", config => config["process"]!["oomScoreAdj"] = 321)
        );

    [Fact]
    public void The_oom_score_of_the_caller_stays_what_it_is()
    {
        string[] lines = _runtime
            .Shell(
                "before=$(cat /proc/self/oom_score_adj); oci run --bundle \"$1\" \"$2\" && echo same as $before: $(cat /proc/self/oom_score_adj)",
                _runtime.NewBundle(["true"], config => config["process"]!["oomScoreAdj"] = 500).Path,
                _runtime.NewId()
            )
            .ShouldSucceed()
            .Lines;

        string[] numbers = Assert.Single(lines)["same as ".Length..].Split(": ");
        Assert.Equal(numbers[0], numbers[1]);
    }

    [Fact]
    public void The_programs_arguments_are_handed_over_as_they_are()
    {
        string[] arguments = ["a b", "", "é", "--", "-x", "$HOME", "*", "\"'\\"];

        ToolResult run = _runtime.Run(["sh", "-c", "for a; do echo \"[$a]\"; done", "sh", .. arguments]);

        Assert.Equal(arguments.Select(argument => $"[{argument}]"), run.ShouldSucceed().Lines);
    }

    [Fact]
    public void Programs_neither_block_nor_ignore_a_signal_whatever_the_caller_ignores()
    {
        // crun #230: under an engine that nohup(1) or a script's & had started, no shell could trap SIGINT.
        string[] show = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"];

        string[] lines = _runtime
            .Shell(
                "trap '' HUP INT PIPE USR1 RTMAX; id=$2; oci create --bundle \"$1\" $id; shift 2; oci exec $id \"$@\"; oci start $id",
                [_runtime.NewBundle(show).Path, _runtime.NewId(), .. show]
            )
            .ShouldSucceed()
            .Lines;

        string[] none = ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"];
        Assert.Equal([.. none, .. none], lines);
    }

    public void Dispose() => _runtime.Dispose();

    private static JsonNode Limit(string type, long soft, long hard) =>
        new JsonObject
        {
            ["type"] = type,
            ["soft"] = soft,
            ["hard"] = hard,
        };

    private static string[] Values(string[] lines, string name) =>
        lines
            .Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2];

    private static ulong Set(params int[] capabilities) =>
        capabilities.Aggregate(0UL, (set, capability) => set | (1UL << capability));

    private static ulong Shown(string[] lines, string name) =>
        ulong.Parse(
            lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1],
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture
        );
}
