using Tare.Fixtures;
using Tare.Oci;
using Tare.Processes;
using Tare.Runtime.Validation;

namespace Tare.Cli.Tests.Recordings;

/// <summary><c>tare record</c>, and running again under what it wrote.</summary>
public sealed class RecordTests
{
    [Fact]
    public void A_command_runs_again_under_its_recorded_profile_and_another_does_not()
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "content\n");
        string profile = directory.At("cat.json");
        string policy = directory.At("landlock.json");
        string recording = directory.At("recording.json");

        ToolResult recorded = TareProgram.Call([
            "record",
            "--seccomp",
            profile,
            "--landlock",
            policy,
            "--json",
            recording,
            "--",
            "cat",
            file,
        ]);

        recorded.ShouldSucceed();
        Assert.Equal("content\n", recorded.Output);
        Assert.Contains(file, recorded.Errors, StringComparison.Ordinal);
        SeccompSpec? spec = SeccompRules.Check(SeccompDocument.Read(File.ReadAllBytes(profile), profile));
        Assert.Equal(SeccompActionType.Errno, spec?.DefaultAction);
        Assert.Contains(spec!.Syscalls, rule => rule.Names.Contains("execve"));
        Assert.Contains(LandlockDocument.Read(File.ReadAllBytes(policy)).Paths, rule => rule.Path == file);
        Assert.Contains(file, Recording.Parse(File.ReadAllBytes(recording)).Paths.Keys);

        // The file lies in /tmp, which is another one in a sandbox.
        TareProgram.Run("--seccomp", profile, "--", "cat", "/etc/passwd").ShouldSucceed();
        TareProgram.Run("--seccomp", profile, "--", "mkdir", "/tmp/made").ShouldExitWith(1);
        TareProgram.Run("--", "mkdir", "/tmp/made").ShouldSucceed();
    }

    [Fact]
    public void A_command_runs_again_with_the_files_that_it_used_and_no_others()
    {
        using TemporaryDirectory directory = new();
        string profile = directory.At("cat.json");
        string policy = directory.At("landlock.json");
        TareProgram
            .Call("record", "--seccomp", profile, "--landlock", policy, "--", "cat", "/etc/hostname")
            .ShouldSucceed();

        string[] restricted = ["--seccomp", profile, "--landlock", policy, "--"];
        ToolResult again = TareProgram.Run([.. restricted, "cat", "/etc/hostname"]);
        ToolResult other = TareProgram.Run([.. restricted, "cat", "/etc/passwd"]);
        ToolResult program = TareProgram.Run([.. restricted, "ls", "/etc"]);

        Assert.Equal(File.ReadAllText("/etc/hostname"), again.ShouldSucceed().Output);
        Assert.Contains("/etc/passwd: Permission denied", other.ShouldExitWith(1).Errors, StringComparison.Ordinal);
        program.ShouldExitWith(126);
        TareProgram.Run("--seccomp", profile, "--", "cat", "/etc/passwd").ShouldSucceed();
        Assert.Contains(
            "landlock_restrict_self",
            TareProgram.Call("explain", "--landlock", policy, "--", "cat", "/etc/hostname").ShouldSucceed().Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_ordinary_user_runs_again_with_the_files_that_were_used()
    {
        using OrdinaryUser user = new();
        user.Call("record", "--landlock", "policy.json", "--", "cat", "/etc/hostname").ShouldSucceed();

        user.Call("run", "--landlock", "policy.json", "--", "cat", "/etc/hostname").ShouldSucceed();
        user.Call("run", "--landlock", "policy.json", "--", "cat", "/etc/passwd").ShouldExitWith(1);
    }

    [Fact]
    public void Recordings_are_merged_and_the_exit_status_is_the_command_s()
    {
        using TemporaryDirectory directory = new();
        string first = directory.At("first.json");
        string both = directory.At("both.json");
        TareProgram.Call("record", "--json", first, "--", "sh", "-c", "cd /usr; exit 7").ShouldExitWith(7);

        TareProgram
            .Call("record", "--merge", first, "--json", both, "--", "sh", "-c", "cd /etc; kill -TERM $$")
            .ShouldExitWith(128 + 15);

        Recording merged = Recording.Parse(File.ReadAllBytes(both));
        Assert.Contains("/usr", merged.Paths.Keys);
        Assert.Contains("/etc", merged.Paths.Keys);
    }

    [Fact]
    public void What_cannot_be_done_is_one_line()
    {
        using TemporaryDirectory directory = new();
        string wrong = directory.Write("wrong", "{}");

        TareProgram.Call("record", "--", "/no/such/program").ShouldExitWith(127);
        TareProgram.Call("record", "--", "/etc/passwd").ShouldExitWith(126);
        TareProgram.Call("record").ShouldExitWith(2);
        TareProgram.Call("record", "--merge", wrong, "--", "true").ShouldExitWith(2);
        TareProgram.Call("record", "--json", "/no/such/directory/file", "--", "true").ShouldExitWith(125);
        TareProgram.Run("--landlock", wrong, "--", "true").ShouldExitWith(2);
        TareProgram.Run("--landlock", wrong + "er", "--", "true").ShouldExitWith(125);
        ToolResult refused = TareProgram.Run("--seccomp", wrong + "er", "--", "true").ShouldExitWith(125);
        Assert.Single(refused.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void An_ordinary_user_records()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Call("record", "--json", "recording.json", "--", "cat", "/etc/hostname");

        result.ShouldSucceed();
        Assert.Contains("/etc/hostname", Recording.Parse(File.ReadAllBytes($"{user.Home}/recording.json")).Paths.Keys);
    }

    [Fact]
    public void What_was_recorded_before_stays_where_the_command_cannot_be_run()
    {
        using TemporaryDirectory directory = new();
        string recording = directory.At("recording.json");
        TareProgram.Call("record", "--json", recording, "--", "sh", "-c", "cat /etc/hostname").ShouldSucceed();
        string before = File.ReadAllText(recording);

        TareProgram.Call("record", "--merge", recording, "--json", recording, "--", "not-there").ShouldExitWith(127);
        Assert.Equal(before, File.ReadAllText(recording));

        TareProgram.Call("record", "--json", recording, "--", "true").ShouldSucceed();
        Assert.DoesNotContain("/etc/hostname", Recording.Parse(File.ReadAllBytes(recording)).Paths.Keys);
    }
}
