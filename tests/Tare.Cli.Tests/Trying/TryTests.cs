using Tare.Cli.Tests.Terminals;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Trying;

/// <summary><c>tare try</c> from the command to what is left of it on the machine.</summary>
public sealed class TryTests : TryFixture
{
    [Fact]
    public void What_is_dropped_is_shown_and_leaves_nothing()
    {
        Require.Root();

        ToolResult result = Try("--drop", "--diff").ShouldExitWith(0);

        Assert.Contains("M  " + Work + "/edited", result.Errors, StringComparison.Ordinal);
        Assert.Contains("-two\n+2\n", result.Errors, StringComparison.Ordinal);
        Assert.Contains("D  " + Work + "/gone", result.Errors, StringComparison.Ordinal);
        Assert.Contains("mode 0644 → 0600", result.Errors, StringComparison.Ordinal);
        Assert.Equal("gone\n", Read("gone"));
        Assert.Equal("one\ntwo\nthree\n", Read("edited"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
    }

    [Fact]
    public void What_is_applied_is_on_the_machine_as_the_program_left_it()
    {
        Require.Root();

        Try("--apply").ShouldExitWith(0);

        AssertApplied();
        Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
    }

    [Fact]
    public void The_exit_status_is_the_programs_and_its_changes_are_applied_all_the_same()
    {
        Require.Root();

        Shell("echo x >x; exit 7", "--apply").ShouldExitWith(7);

        Assert.Equal("x\n", Read("x"));
    }

    [Fact]
    public void Names_cannot_move_the_cursor()
    {
        Require.Root();
        ToolResult result = Shell("printf x >\"$(printf 'a\\033[2Jb')\"", "--drop").ShouldExitWith(0);
        Assert.DoesNotContain("\u001b", result.Errors, StringComparison.Ordinal);
        Assert.Contains("a\\x1b[2Jb", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_it_asks()
    {
        Require.Root();
        using ScriptedTerminal terminal = new(
            24,
            200,
            Programs.Tare,
            "try",
            "--state",
            KeptFolder,
            "--workdir",
            Work,
            "--",
            "sh",
            "-c",
            "echo more >>edited"
        );

        terminal.WaitFor("[a/d/s/k]");
        terminal.Send("s\r");
        terminal.WaitFor("+more");
        terminal.WaitFor("[a/d/s/k]");
        terminal.Send("a\r");

        Assert.Equal(0, terminal.WaitForEnd());
        Assert.Equal("one\ntwo\nthree\nmore\n", Read("edited"));
    }

    [Fact]
    public void Ctrl_C_at_the_question_keeps_the_changes_and_says_so()
    {
        Require.Root();
        string[] words = ["try", "--state", KeptFolder, "--workdir", Work, "--", "sh", "-c", "echo more >>edited"];
        using ScriptedTerminal terminal = new(24, 200, [Programs.Tare, .. words]);

        terminal.WaitFor("[a/d/s/k]");
        terminal.Send("\u0003");
        terminal.WaitFor("the changes are kept in");

        Assert.Equal(130, terminal.WaitForEnd());
        Assert.Single(Call("--list").Lines);
    }

    [Fact]
    public void An_ordinary_user_can_too()
    {
        using OrdinaryUser user = new();
        string file = Path.Combine(user.Home, "file");
        user.Call("run", "--read-write", user.Home, "--", "sh", "-c", "echo old >file; mkdir d; echo x >d/x")
            .ShouldSucceed();

        user.Call(
                "try",
                "--apply",
                "--",
                "sh",
                "-c",
                "echo new >file; rm -r d; mkdir -m 0 shut; mkdir -p a/b; chmod 0 a"
            )
            .ShouldSucceed();

        Assert.Equal("new\n", File.ReadAllText(file));
        Assert.False(Directory.Exists(Path.Combine(user.Home, "d")));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(user.Home, "shut")));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(user.Home, "a")));
        Assert.True(Directory.Exists(Path.Combine(user.Home, "a", "b")));
        user.Call("try", "--drop", "--", "sh", "-c", "mkdir -p q/r; echo >q/r/s; chmod 0 q/r/s q/r q").ShouldSucceed();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(user.Home, ".local/state/tare/try")));
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        foreach (
            string[] words in (string[][])
                [
                    ["--apply", "--drop"],
                    ["--list", "--apply"],
                    ["--drop", "--force"],
                ]
        )
        {
            TareProgram.Call(["try", .. words, "--", "true"]).ShouldExitWith(2);
        }

        TareProgram.Call("try").ShouldExitWith(2);
    }

    [Fact]
    public void Capabilities_of_a_file_outlive_another_time_mode_and_owner()
    {
        Require.Root();
        string setcap = Require.Program("setcap");
        foreach (string name in (string[])["touched", "changed", "given"])
        {
            Tool.InstallProgram("/bin/true", Folder.At("work", name));
            Tool.Run(setcap, "cap_net_raw+ep", Folder.At("work", name)).ShouldSucceed();
        }

        Shell(
                $"touch -d 2001-01-01 touched; chmod 700 changed; chown 7:8 given; {setcap} cap_net_raw+ep given",
                "--apply",
                "--cap-add",
                "ALL"
            )
            .ShouldSucceed();

        foreach (string name in (string[])["touched", "changed", "given"])
        {
            string capabilities = Tool.Run("getcap", Folder.At("work", name)).Output;
            Assert.Contains("cap_net_raw", capabilities, StringComparison.Ordinal);
        }

        Assert.Equal("7:8", Tool.Run("stat", "-c", "%u:%g", Folder.At("work", "given")).Output.Trim());
    }

    [Fact]
    public void An_ordinary_user_can_set_attributes_of_what_was_read_only()
    {
        using OrdinaryUser user = new();
        Require.Program("python3");
        string file = Path.Combine(user.Home, "file");
        user.Call("run", "--read-write", user.Home, "--", "sh", "-c", "echo old >file; chmod 444 file").ShouldSucceed();

        user.Call(
                "try",
                "--apply",
                "--",
                "python3",
                "-c",
                "import os; os.chmod('file', 0o644); os.setxattr('file', 'user.note', b'x'); os.chmod('file', 0o440)"
            )
            .ShouldSucceed();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
        Tool.Run("python3", "-c", $"import os; assert os.getxattr('{file}', 'user.note') == b'x'").ShouldSucceed();
    }
}
