using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Trying;

/// <summary>Changes of <c>tare try</c> that are kept, resumed, and half applied.</summary>
public sealed class TryKeptTests : TryFixture
{
    [Fact]
    public void Where_nobody_can_be_asked_the_changes_are_kept_until_somebody_decides()
    {
        Require.Root();

        ToolResult result = Try();

        result.ShouldExitWith(0);
        Assert.Contains("the changes are kept in " + KeptFolder, result.Errors, StringComparison.Ordinal);
        string id = Assert.Single(Call("--list").ShouldSucceed().Lines)[..8];
        Call("--resume", id).ShouldSucceed();
        Call("--resume", id, "--apply").ShouldSucceed();
        AssertApplied();
        Assert.Empty(Call("--list").ShouldSucceed().Lines);
        Call("--resume", id, "--apply").ShouldExitWith(125);
    }

    [Fact]
    public void What_the_machine_changed_meanwhile_is_told_and_not_overwritten()
    {
        Require.Root();
        Try().ShouldExitWith(0);
        File.WriteAllText(Folder.At("work", "edited"), "somebody else's\n");
        File.WriteAllText(Folder.At("work", "moved", "came"), "later\n");
        string id = Assert.Single(Call("--list").Lines)[..8];

        ToolResult refused = Call("--resume", id, "--apply").ShouldExitWith(125);

        Assert.Contains($"not applied: {Work}/edited", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("somebody else's\n", Read("edited"));
        Assert.Equal("later\n", Read("moved/came"));
        Assert.False(File.Exists(Folder.At("work", "gone")));
        Call("--resume", id, "--apply", "--force").ShouldSucceed();
        Assert.Equal("one\n2\nthree\n", Read("edited"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
    }

    [Fact]
    public void The_program_does_not_see_what_is_kept()
    {
        Require.Root();
        string kept = Folder.At("work", "state");
        Directory.CreateDirectory(kept);

        ToolResult result = Shell("ls -A state; echo x >state/y", "--state", kept, "--drop").ShouldExitWith(0);

        Assert.Equal("", result.Output);
        Assert.Contains("nothing was changed", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_step_of_applying_tare_is_killed_at_every_file_is_whole_and_the_next_call_finishes()
    {
        Require.Root();
        string pristine = Folder.At("pristine");
        Tool.Run("cp", "-a", Work, pristine).ShouldSucceed();
        for (int step = 2; ; step++)
        {
            ToolResult result = Try(
                new Dictionary<string, string?>
                {
                    ["TARE_KILL_BEFORE_APPLY_STEP"] = step.ToString(CultureInfo.InvariantCulture),
                },
                "--apply"
            );
            if (result.ExitCode != 137)
            {
                result.ShouldSucceed();
                Assert.InRange(step, 40, 200);
                break;
            }

            Assert.Contains(Read("edited"), (string[])["one\ntwo\nthree\n", "one\n2\nthree\n"]);
            Call("--list").ShouldSucceed();
            AssertApplied();
            Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
            Tool.Run("rm", "-rf", Work).ShouldSucceed();
            Tool.Run("cp", "-a", pristine, Work).ShouldSucceed();
        }
    }

    [Fact]
    public void What_can_be_shown_no_more_can_be_dropped_all_the_same()
    {
        Require.Root();
        const string deep = "i=0; while [ $i -lt 300 ]; do mkdir d; cd d; i=$((i+1)); done";
        Shell(deep, "--apply").ShouldExitWith(125);
        string id = Assert.Single(Call("--list").Lines)[..8];

        ToolResult dropped = Call("--resume", id, "--drop").ShouldExitWith(0);

        Assert.Contains("warning: ", dropped.Errors, StringComparison.Ordinal);
        Shell(deep + "; exit 3", "--drop").ShouldExitWith(3);
        Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
    }

    [Fact]
    public void What_lay_on_a_file_system_that_is_not_mounted_any_more_is_written_nowhere_else()
    {
        Require.Root();
        const string script = """
            mount -t tmpfs a /srv; mount -t tmpfs b /media
            "$1" try --state "$2" -- sh -c 'echo x >/srv/x; echo y >here'; umount /srv
            id=$("$1" try --state "$2" --list | cut -c -8); "$1" try --state "$2" --resume $id --apply && exit 1
            test ! -e /srv/x && test ! -e here && "$1" try --state "$2" --resume $id --drop || exit 2
            "$1" try --state "$2" -- sh -c 'echo y >here'; umount /media
            id=$("$1" try --state "$2" --list | cut -c -8); "$1" try --state "$2" --resume $id --apply && test -e here
            """;

        ToolResult result = Tool.Run(
            "unshare",
            ["-m", "--propagation", "private", "sh", "-c", script, "sh", Programs.Tare, KeptFolder],
            new ToolOptions { WorkingDirectory = Work }
        );

        result.ShouldSucceed();
        Assert.Contains("open '/srv': ESTALE", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_for_changes_that_overlay_does_not_take_is_told()
    {
        Require.Root();
        const string script = """
            mkdir o; mount -t tmpfs t o; mkdir o/l o/u o/w o/m
            mount -t overlay -o lowerdir=o/l,upperdir=o/u,workdir=o/w o o/m; exec "$1" try --state "$PWD/o/m" --drop -- true
            """;

        ToolResult result = Tool.Run(
            "unshare",
            ["-m", "--propagation", "private", "sh", "-c", script, "sh", Programs.Tare],
            new ToolOptions { WorkingDirectory = Work }
        );

        result.ShouldExitWith(125);
        Assert.Contains("choose another place by --state", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_that_another_user_put_there_are_not_applied()
    {
        Require.Root();
        Directory.CreateDirectory(KeptFolder);
        File.SetUnixFileMode(KeptFolder, (UnixFileMode)0x3FF); // rwxrwxrwt
        Try(new Dictionary<string, string?> { ["TARE_KILL_BEFORE_APPLY_STEP"] = "5" }, "--apply").ShouldExitWith(137);
        string kept = Assert.Single(Directory.GetDirectories(KeptFolder));
        string user = OrdinaryUser.Id.ToString(CultureInfo.InvariantCulture);
        Tool.Run("chown", user, kept).ShouldSucceed();

        Assert.Empty(Call("--list").ShouldSucceed().Lines);
        Call("--resume", Path.GetFileName(kept), "--apply").ShouldExitWith(125);
        Tool.Run("chown", user, KeptFolder).ShouldSucceed();
        ToolResult refused = Try("--apply").ShouldExitWith(125);

        Assert.Contains($"'{KeptFolder}' is another user's", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("gone\n", Read("gone"));
    }
}
