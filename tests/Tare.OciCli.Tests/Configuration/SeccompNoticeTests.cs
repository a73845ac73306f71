using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux.Abi;
using static Tare.OciCli.Tests.SeccompProfiles;

namespace Tare.OciCli.Tests;

/// <summary>Filters that have another program decide: SCMP_ACT_NOTIFY.</summary>
public sealed class SeccompNoticeTests : IDisposable
{
    private const string MakeDirectory = "mkdir /tmp/x; echo $?";
    private static readonly string[] Making = ["mkdir", "mkdirat"];
    private static readonly (Syscall, Errno)[] NoMedium =
    [
        (Syscall.mkdir, Errno.ENOMEDIUM),
        (Syscall.mkdirat, Errno.ENOMEDIUM),
    ];
    private readonly OciRuntime _runtime = new();

    /// <summary>Where the filter is loaded depends on no_new_privs and on the user.</summary>
    public static TheoryData<bool, int> Places => SeccompTests.Places;

    [Theory]
    [MemberData(nameof(Places))]
    public void The_program_gets_the_answer(bool noNewPrivileges, int user)
    {
        using Answerer answerer = new(NoMedium);

        ToolResult run = _runtime.Run(
            ["sh", "-c", MakeDirectory],
            With(Asking(answerer, Making), noNewPrivileges, user)
        );

        Assert.Equal(["1"], run.ShouldSucceed().Lines);
        Assert.Contains("No medium found", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Who_answers_is_told_whom_when_the_container_is_created(bool noNewPrivileges, int user)
    {
        using Answerer answerer = new((Syscall.mkdir, Errno.None), (Syscall.mkdirat, Errno.None));
        OciContainer container = _runtime.Create(
            ["sh", "-c", $"{MakeDirectory}; ls /tmp; sleep 1000"],
            config =>
            {
                JsonObject profile = Asking(answerer, Making);
                profile["listenerMetadata"] = "what it is for";
                With(profile, noNewPrivileges, user)(config);
                config["annotations"] = new JsonObject { ["a"] = "b" };
            }
        );

        JsonNode told = answerer.WaitForTold();
        Assert.Equal("""["seccompFd"]""", told["fds"]!.ToJsonString());
        Assert.Equal(container.ProcessId, (int)told["pid"]!);
        Assert.Equal("what it is for", (string?)told["metadata"]);
        JsonNode state = told["state"]!;
        Assert.Equal(container.Id, (string?)state["id"]);
        Assert.Equal("creating", (string?)state["status"]);
        Assert.Equal(container.ProcessId, (int)state["pid"]!);
        Assert.Equal(container.Bundle.Path, (string?)state["bundle"]);
        Assert.Equal("""{"a":"b"}""", state["annotations"]!.ToJsonString());

        // It says that the directory was made.
        container.Start().Creation.WaitForText("0\n");
        Assert.Single(answerer.Told);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_program_that_is_added_has_a_filter_of_its_own(bool noNewPrivileges, int user)
    {
        using Answerer answerer = new(NoMedium);
        OciContainer container = _runtime.Create(edit: With(Asking(answerer, Making), noNewPrivileges, user)).Start();

        ToolResult added = container.Exec("sh", "-c", $"{MakeDirectory}; readlink /proc/self; echo $$");

        Assert.Equal("1", added.ShouldSucceed().Lines[0]);
        JsonNode[] told = answerer.Told;
        Assert.Equal(2, told.Length);
        Assert.NotEqual(container.ProcessId, (int)told[1]["pid"]!);
        Assert.Equal("running", (string?)told[1]["state"]!["status"]);
        Assert.Equal(container.ProcessId, (int)told[1]["state"]!["pid"]!);
        Assert.Null(told[1]["state"]!["owner"]);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Calls_of_the_launch_itself_may_be_asked_about(bool noNewPrivileges, int user)
    {
        using Answerer answerer = new();
        JsonObject profile = Asking(
            answerer,
            [
                "execve",
                "read",
                "write",
                "close",
                "fcntl",
                "openat",
                "capset",
                "prctl",
                "clone",
                "setsid",
                "exit_group",
                "sendmsg",
                "sendto",
                "connect",
            ]
        );
        Action<JsonObject> asking = config => With(profile.DeepClone().AsObject(), noNewPrivileges, user)(config);
        OciContainer container = _runtime.Create(["sh", "-c", "echo up; sleep 1000"], asking).Start();
        container.Creation.WaitForText("up\n");

        Assert.Equal(["added"], container.Exec("echo", "added").ShouldSucceed().Lines);
        Assert.Equal(["run"], _runtime.Run(["echo", "run"], asking).ShouldSucceed().Lines);
        Assert.True(answerer.WasAsked(Syscall.execve));
        Assert.True(answerer.WasAsked(Syscall.write));
    }

    [Fact]
    public void Everything_may_be_asked_about_but_the_call_that_hands_the_listener_over()
    {
        using Answerer answerer = new();
        JsonObject profile = Asking(answerer, []);
        profile["defaultAction"] = "SCMP_ACT_NOTIFY";
        profile["syscalls"] = new JsonArray(Rule("SCMP_ACT_ALLOW", ["sendmmsg"]));

        Assert.Equal(["done"], _runtime.Run(["echo", "done"], With(profile)).ShouldSucceed().Lines);
    }

    [Fact]
    public void Where_the_listener_could_not_be_handed_over_that_is_an_error()
    {
        using Answerer answerer = new();

        string error = _runtime.Run(["true"], With(Asking(answerer, ["sendmsg", "sendmmsg"]))).ShouldExitWith(1).Errors;

        Assert.StartsWith(
            "tare-oci: linux.seccomp.syscalls: SCMP_ACT_NOTIFY needs sendmsg or sendmmsg",
            error,
            StringComparison.Ordinal
        );
        Assert.Empty(answerer.Told);
    }

    [Fact]
    public void Without_anybody_who_answers_nothing_is_made()
    {
        string id = _runtime.NewId();
        JsonObject profile = Allowing(Rule("SCMP_ACT_NOTIFY", Making));
        profile["listenerPath"] = _runtime.Folder.At("nobody");
        Bundle bundle = _runtime.NewBundle(["true"], With(profile));

        string error = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors;

        Assert.Contains("failed to connect with seccomp agent", error, StringComparison.Ordinal);
        Assert.Contains("ENOENT", error, StringComparison.Ordinal);
        Traces.ShouldBeNone(_runtime.Root, id);
    }

    [Fact]
    public void Where_nobody_answers_any_more_the_calls_do_not_exist()
    {
        using Answerer answerer = new();
        OciContainer container = _runtime
            .Create(["sh", "-c", "read go; mkdir /tmp/x 2>&1; echo over"], With(Asking(answerer, Making)))
            .Start();
        answerer.WaitForTold();

        answerer.Kill();
        container.Creation.Input.Write("\n");

        container.Creation.WaitForText("over");
        Assert.Contains("Function not implemented", container.Creation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_connected_to_where_nobody_is_asked()
    {
        JsonObject profile = Allowing(Rule("SCMP_ACT_ERRNO", Making));
        profile["listenerPath"] = "/nobody/is/here";

        _runtime.Run(["true"], With(profile)).ShouldSucceed();
    }

    [Fact]
    public void The_annotation_that_crun_reads_names_who_answers()
    {
        using Answerer answerer = new(NoMedium);
        JsonObject profile = Allowing(Rule("SCMP_ACT_NOTIFY", Making));

        ToolResult run = _runtime.Run(
            ["sh", "-c", MakeDirectory],
            config =>
            {
                With(profile)(config);
                config["annotations"] = new JsonObject { ["run.oci.seccomp.receiver"] = answerer.Socket };
            }
        );

        Assert.Equal(["1"], run.ShouldSucceed().Lines);
    }

    [Fact]
    public void Whoever_waits_can_be_killed_only()
    {
        using Answerer answerer = new(NoMedium);
        JsonObject profile = Asking(answerer, Making);
        profile["flags"] = new JsonArray("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "SECCOMP_FILTER_FLAG_TSYNC");

        Assert.Equal(["1"], _runtime.Run(["sh", "-c", MakeDirectory], With(profile)).ShouldSucceed().Lines);
    }

    [Fact]
    public void A_program_that_cannot_be_executed_is_told_as_without_a_listener()
    {
        using Answerer answerer = new();

        ToolResult run = _runtime.Run(["/no/such/program"], With(Asking(answerer, ["execve"])));

        Assert.Contains("no such file or directory", run.ShouldExitWith(1).Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _runtime.Dispose();

    private static JsonObject Asking(Answerer answerer, string[] names)
    {
        JsonObject profile = Allowing(Rule("SCMP_ACT_NOTIFY", names));
        profile["listenerPath"] = answerer.Socket;
        return profile;
    }
}
