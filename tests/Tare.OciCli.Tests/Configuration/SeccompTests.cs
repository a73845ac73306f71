using System.Text.Json.Nodes;
using Tare.Fixtures;
using static Tare.OciCli.Tests.SeccompProfiles;

namespace Tare.OciCli.Tests;

/// <summary>Containers of which the system calls are filtered.</summary>
public sealed class SeccompTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    /// <summary>Whether no_new_privs is set, and who the program's user is: the filter is loaded in different places.</summary>
    public static TheoryData<bool, int> Places =>
        new()
        {
            { true, 0 },
            { false, 0 },
            { true, 1000 },
            { false, 1000 },
        };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_call_that_is_refused_fails_with_EPERM(bool noNewPrivileges, int user)
    {
        ToolResult run = _runtime.Run(
            ["mkdir", "/tmp/x"],
            With(Allowing(Rule("SCMP_ACT_ERRNO", ["mkdir", "mkdirat"])), noNewPrivileges, user)
        );

        run.ShouldExitWith(1);
        Assert.Contains("Operation not permitted", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_is_refused_fails_with_the_errno_asked_for()
    {
        JsonObject rule = Rule("SCMP_ACT_ERRNO", ["mkdir", "mkdirat"]);
        rule["errnoRet"] = 28;

        ToolResult run = _runtime.Run(["mkdir", "/tmp/x"], With(Allowing(rule)));

        run.ShouldExitWith(1);
        Assert.Contains("No space left on device", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCMP_ACT_KILL_PROCESS")]
    [InlineData("SCMP_ACT_KILL_THREAD")]
    [InlineData("SCMP_ACT_KILL")]
    [InlineData("SCMP_ACT_TRAP")]
    public void A_call_that_kills_ends_the_program_by_SIGSYS(string action) =>
        _runtime.Run(["mkdir", "/tmp/x"], With(Allowing(Rule(action, ["mkdir", "mkdirat"])))).ShouldExitWith(128 + 31);

    [Fact]
    public void A_call_that_is_to_be_traced_does_not_exist_without_a_tracer()
    {
        ToolResult run = _runtime.Run(
            ["mkdir", "/tmp/x"],
            With(Allowing(Rule("SCMP_ACT_TRACE", ["mkdir", "mkdirat"])))
        );

        run.ShouldExitWith(1);
        Assert.Contains("Function not implemented", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_is_logged_is_made() =>
        _runtime
            .Run(["mkdir", "/dev/shm/x"], With(Allowing(Rule("SCMP_ACT_LOG", ["mkdir", "mkdirat"]))))
            .ShouldSucceed();

    [Fact]
    public void A_rule_for_an_argument_is_for_that_one_only()
    {
        JsonObject rule = Rule("SCMP_ACT_ERRNO", ["personality"], Arg(0, 8, "SCMP_CMP_EQ"));

        string[] lines = _runtime.Lines(
            "linux64 echo 64 bits; linux32 echo 32 bits 2>&1 | grep -c permitted",
            With(Allowing(rule))
        );

        Assert.Equal(["64 bits", "1"], lines);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_kernel_says_that_the_program_is_filtered(bool noNewPrivileges, int user) =>
        Assert.Equal(
            ["NoNewPrivs:\t" + (noNewPrivileges ? "1" : "0"), "Seccomp:\t2", "Seccomp_filters:\t1"],
            _runtime.Lines(
                "grep -E '^(NoNewPrivs|Seccomp)' /proc/self/status",
                With(Allowing(Rule("SCMP_ACT_ERRNO", ["mkdir"])), noNewPrivileges, user)
            )
        );

    [Theory]
    [MemberData(nameof(Places))]
    public void A_filter_leaves_the_rights_of_the_program_as_they_are(bool noNewPrivileges, int user)
    {
        const string Script = "grep -E '^(Cap|Uid|Gid)' /proc/self/status; umask; pwd";
        Action<JsonObject> unfiltered = With(Allowing(), noNewPrivileges, user);

        Assert.Equal(
            _runtime.Lines(
                Script,
                config =>
                {
                    unfiltered(config);
                    config["linux"]!.AsObject().Remove("seccomp");
                }
            ),
            _runtime.Lines(Script, With(Allowing(), noNewPrivileges, user))
        );
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_shell_runs_with_a_profile_as_engines_have_it(bool noNewPrivileges, int user)
    {
        string[] lines = _runtime.Lines(
            "ls / | grep -c .; echo a | cat; (exit 3) & wait $!; echo $?; unshare -U true 2>&1 | grep -c permitted",
            With(Engine, noNewPrivileges, user)
        );

        Assert.Equal(["a", "3", "1"], lines[1..]);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_program_that_is_added_is_filtered_like_the_first(bool noNewPrivileges, int user)
    {
        JsonObject profile = Engine;
        profile["syscalls"]![0]!["names"]!.AsArray().RemoveAll(name => (string)name! is "mkdir" or "mkdirat");
        OciContainer container = _runtime.Create(edit: With(profile, noNewPrivileges, user)).Start();

        ToolResult status = container.Exec("grep", "^Seccomp", "/proc/self/status").ShouldSucceed();
        ToolResult refused = container.Exec("mkdir", "/dev/shm/x");

        Assert.Equal(["Seccomp:\t2", "Seccomp_filters:\t1"], status.Lines);
        refused.ShouldExitWith(1);
        Assert.Contains("Operation not permitted", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_the_filter_does_not_let_execute_is_reported()
    {
        ToolResult run = _runtime.Run(["/bin/true"], With(Allowing(Rule("SCMP_ACT_ERRNO", ["execve"]))));

        run.ShouldExitWith(1);
        Assert.Contains("execute '/bin/true': EPERM", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void With_no_new_privs_the_program_is_executed_under_a_profile_that_allows_nothing_else()
    {
        JsonObject profile = Allowing(Rule("SCMP_ACT_ALLOW", ["execve"]));
        profile["defaultAction"] = "SCMP_ACT_KILL_PROCESS";

        // The program is there, and killed at the first thing it does.
        _runtime.Run(["/bin/true"], With(profile)).ShouldExitWith(128 + 31);
    }

    [Theory]
    [InlineData("syscalls[0].errnoRet", "SCMP_ACT_ALLOW returns no value")]
    [InlineData("listenerMetadata", "needs a listenerPath")]
    [InlineData("listenerPath", "is missing")]
    [InlineData("flags", "is about notifications only")]
    public void A_property_that_makes_no_sense_is_named(string property, string problem)
    {
        JsonObject rule = Rule("SCMP_ACT_ALLOW", ["mkdir"]);
        JsonObject profile = Allowing(rule);
        switch (property)
        {
            case "syscalls[0].errnoRet":
                rule["errnoRet"] = 5;
                break;
            case "listenerMetadata":
                profile["listenerMetadata"] = "m";
                break;
            case "listenerPath":
                rule["action"] = "SCMP_ACT_NOTIFY";
                break;
            case "flags":
                profile["flags"] = new JsonArray("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
                break;
            default:
                break;
        }

        ToolResult run = _runtime.Run(["true"], With(profile));

        run.ShouldExitWith(1);
        Assert.StartsWith($"tare-oci: linux.seccomp.{property}: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(problem, run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _runtime.Dispose();
}
