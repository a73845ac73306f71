using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class SchedulingTests : IDisposable
{
    private const int NiceField = 18;
    private const int PriorityField = 39;
    private const int PolicyField = 40;

    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("SCHED_OTHER", 7, 0, 7, 0)]
    [InlineData("SCHED_BATCH", -3, 0, -3, 3)]
    [InlineData("SCHED_IDLE", 0, 0, 0, 5)]
    [InlineData("SCHED_FIFO", 0, 12, 0, 1)]
    [InlineData("SCHED_RR", 0, 1, 0, 2)]
    public void The_program_has_the_policy(string policy, int nice, int priority, int shownNice, int shownPolicy)
    {
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                config["process"]!["scheduler"] = new JsonObject
                {
                    ["policy"] = policy,
                    ["nice"] = nice,
                    ["priority"] = priority,
                };
                if (priority > 0 && Directory.Exists("/sys/fs/cgroup/cpu"))
                {
                    config["linux"]!["resources"]!["cpu"] = new JsonObject { ["realtimeRuntime"] = 1000 };
                }
            })
            .Start();

        Assert.Equal(
            ($"{shownNice}", $"{priority}", $"{shownPolicy}"),
            (
                Stat(container.ProcessId, NiceField),
                Stat(container.ProcessId, PriorityField),
                Stat(container.ProcessId, PolicyField)
            )
        );
    }

    [Fact]
    public void What_a_real_time_policy_lacks_is_said()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/cpu"), "needs cgroup v1");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["process"]!["scheduler"] = new JsonObject { ["policy"] = "SCHED_RR", ["priority"] = 1 }
        );

        Assert.Equal(
            "tare-oci: set the scheduling policy SCHED_RR: EPERM (CAP_SYS_NICE is needed, and for real-time policies on "
                + "cgroup v1 linux.resources.cpu.realtimeRuntime)\n",
            _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void A_deadline_is_one_with_its_numbers()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
                config["process"]!["scheduler"] = new JsonObject
                {
                    ["policy"] = "SCHED_DEADLINE",
                    ["flags"] = new JsonArray("SCHED_FLAG_RESET_ON_FORK"),
                    ["runtime"] = 1_000_000,
                    ["deadline"] = 20_000_000,
                    ["period"] = 50_000_000,
                }
            )
            .Start();

        string shown = Tool.Run("chrt", "--pid", $"{container.ProcessId}").ShouldSucceed().Output;
        Assert.Contains("policy: SCHED_DEADLINE|SCHED_RESET_ON_FORK\n", shown, StringComparison.Ordinal);
        Assert.Contains(": 1000000/20000000/50000000\n", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IOPRIO_CLASS_RT", 3, "realtime: prio 3")]
    [InlineData("IOPRIO_CLASS_BE", 7, "best-effort: prio 7")]
    [InlineData("IOPRIO_CLASS_IDLE", 0, "idle")]
    public void Its_io_has_the_priority(string name, int priority, string shown)
    {
        OciContainer container = _runtime
            .Create(edit: config =>
                config["process"]!["ioPriority"] = new JsonObject { ["class"] = name, ["priority"] = priority }
            )
            .Start();

        Assert.Equal([shown], Tool.Run("ionice", "-p", $"{container.ProcessId}").ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData(null, "0", "0")]
    [InlineData("1", null, "1")]
    [InlineData("0", "1", "1")]
    [InlineData("0-1", "0,1", "0-1")]
    public void An_added_program_keeps_to_its_processors(string? initial, string? final, string shown)
    {
        OciContainer container = _runtime.Create().Start();
        JsonObject process = new()
        {
            ["cwd"] = "/",
            ["env"] = new JsonArray("PATH=/bin"),
            ["args"] = new JsonArray("grep", "Cpus_allowed_list", "/proc/self/status"),
            ["execCPUAffinity"] = new JsonObject { ["initial"] = initial, ["final"] = final },
        };
        string file = _runtime.Folder.Write("process.json", process.ToJsonString());

        ToolResult exec = _runtime.Do("exec", "--process", file, container.Id);

        Assert.Equal([$"Cpus_allowed_list:\t{shown}"], exec.ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData("LINUX", false)]
    [InlineData("LINUX32", true)]
    public void The_execution_domain_is_the_one_asked_for(string domain, bool is32)
    {
        string[] machine = _runtime.Lines(
            "uname -m",
            config => config["linux"]!["personality"] = new JsonObject { ["domain"] = domain }
        );

        string own = Tool.Run("uname", "-m").Lines[0];
        string other = own == "x86_64" ? "i686" : "armv8l";
        Assert.Equal([is32 ? other : own], machine);
    }

    [Theory]
    [InlineData("MPOL_BIND", "0", null, "bind:0")]
    [InlineData("MPOL_INTERLEAVE", "0", "MPOL_F_STATIC_NODES", "interleave=static:0")]
    [InlineData("MPOL_LOCAL", null, null, "local")]
    [InlineData("MPOL_DEFAULT", null, null, "default")]
    public void Its_memory_lies_where_the_policy_says(string mode, string? nodes, string? flag, string shown)
    {
        string[] lines = _runtime.Lines(
            "head -n 1 /proc/self/numa_maps",
            config =>
                config["linux"]!["memoryPolicy"] = new JsonObject
                {
                    ["mode"] = mode,
                    ["nodes"] = nodes,
                    ["flags"] = flag is null ? [] : new JsonArray(flag),
                }
        );

        Assert.Equal(shown, lines[0].Split(' ')[1]);
    }

    [Fact]
    public void Added_programs_have_the_containers_execution_domain_and_memory_policy()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                config["linux"]!["personality"] = new JsonObject { ["domain"] = "LINUX32" };
                config["linux"]!["memoryPolicy"] = new JsonObject { ["mode"] = "MPOL_BIND", ["nodes"] = "0" };
            })
            .Start();

        string[] lines = container.Exec("sh", "-c", "uname -m; head -n 1 /proc/self/numa_maps").ShouldSucceed().Lines;

        Assert.Contains(lines[0], (string[])["i686", "armv8l"]);
        Assert.Equal("bind:0", lines[1].Split(' ')[1]);
    }

    [Fact]
    public void The_clocks_of_a_new_time_namespace_are_ahead_by_what_is_asked_for()
    {
        string[] lines = _runtime.Lines(
            "cat /proc/self/timens_offsets; cut -d . -f 1 /proc/uptime",
            config =>
            {
                Namespaces.Set(config, "time");
                config["linux"]!["timeOffsets"] = new JsonObject
                {
                    ["monotonic"] = new JsonObject { ["secs"] = 86400, ["nanosecs"] = 5 },
                    ["boottime"] = new JsonObject { ["secs"] = 1_000_000 },
                };
            }
        );

        Assert.Equal(["monotonic", "86400", "5"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["boottime", "1000000", "0"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(long.Parse(lines[2]) >= 1_000_000);
    }

    [Fact]
    public void They_are_in_a_user_namespace_too()
    {
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                UserNamespaces.Add(config);
                Namespaces.Set(config, "time");
                config["linux"]!["timeOffsets"] = new JsonObject { ["boottime"] = new JsonObject { ["secs"] = 77 } };
            })
            .Start();

        Assert.Equal(
            ["boottime", "77", "0"],
            container
                .Exec("cat", "/proc/self/timens_offsets")
                .ShouldSucceed()
                .Lines[1]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Theory]
    [InlineData("process", "scheduler", """{"policy":"SCHED_ODD"}""", "process.scheduler.policy: 'SCHED_ODD' is no")]
    [InlineData("process", "scheduler", """{"policy":"SCHED_OTHER","nice":20}""", "process.scheduler.nice: 20 is not")]
    [InlineData(
        "process",
        "scheduler",
        """{"policy":"SCHED_OTHER","priority":1}""",
        "process.scheduler.priority: is for"
    )]
    [InlineData("process", "scheduler", """{"policy":"SCHED_FIFO"}""", "process.scheduler.priority: 0 is not between")]
    [InlineData(
        "process",
        "scheduler",
        """{"policy":"SCHED_RR","priority":1,"runtime":1}""",
        "process.scheduler.runtime: "
    )]
    [InlineData("process", "scheduler", """{"policy":"SCHED_BATCH","period":1}""", "process.scheduler.period: is for")]
    [InlineData(
        "process",
        "scheduler",
        """{"policy":"SCHED_OTHER","flags":["X"]}""",
        "process.scheduler.flags[0]: 'X'"
    )]
    [InlineData("process", "scheduler", "{}", "process.scheduler.policy")]
    [InlineData("process", "ioPriority", """{"class":"X"}""", "process.ioPriority.class: 'X' is no class")]
    [InlineData("process", "ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":8}""", "process.ioPriority.priority")]
    [InlineData("process", "execCPUAffinity", """{"final":"0-"}""", "process.execCPUAffinity.final: '0-' is no list")]
    [InlineData("linux", "personality", """{"domain":"BSD"}""", "linux.personality.domain: 'BSD' is no domain")]
    [InlineData("linux", "personality", """{"domain":"LINUX","flags":["X"]}""", "linux.personality.flags: no flag")]
    [InlineData("linux", "memoryPolicy", """{"mode":"X"}""", "linux.memoryPolicy.mode: 'X' is no memory policy")]
    [InlineData("linux", "memoryPolicy", """{"mode":"MPOL_BIND"}""", "linux.memoryPolicy.nodes: MPOL_BIND needs some")]
    [InlineData(
        "linux",
        "memoryPolicy",
        """{"mode":"MPOL_LOCAL","nodes":"0"}""",
        "linux.memoryPolicy.nodes: MPOL_LOCAL"
    )]
    [InlineData("linux", "memoryPolicy", """{"mode":"MPOL_BIND","nodes":"x"}""", "linux.memoryPolicy.nodes: 'x' is no")]
    [InlineData("linux", "memoryPolicy", """{"mode":"MPOL_LOCAL","flags":["X"]}""", "linux.memoryPolicy.flags[0]: 'X'")]
    [InlineData("linux", "timeOffsets", """{"boottime":{"secs":1}}""", "linux.timeOffsets: needs a time namespace")]
    [InlineData("linux", "timeOffsets", """{"realtime":{"secs":1}}""", "linux.timeOffsets.realtime")]
    public void What_cannot_be_is_an_error_that_names_the_property(
        string parent,
        string property,
        string json,
        string message
    )
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["true"], config => config[parent]![property] = JsonNode.Parse(json));

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private static string Stat(int process, int field)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");

        // The first two fields stand before: the number and the name, which may have spaces.
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[field - 2];
    }
}
