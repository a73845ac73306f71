using System.Globalization;
using System.Text.Json;
using Tare.Cli.Tests.Terminals;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Trying;

/// <summary><c>tare try</c> from the command to what is left of it on the machine.</summary>
public sealed class TryTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly string _work;
    private readonly string _state;

    public TryTests()
    {
        _work = _folder.At("work");
        _state = _folder.At("state");
        Directory.CreateDirectory(_work);
        Directory.CreateDirectory(_folder.At("work", "moved", "deep"));
        Directory.CreateDirectory(_folder.At("work", "replaced"));
        _folder.Write("work/kept", "kept\n");
        _folder.Write("work/edited", "one\ntwo\nthree\n");
        _folder.Write("work/gone", "gone\n");
        _folder.Write("work/moved/deep/file", "deep\n");
        _folder.Write("work/replaced/old", "old\n");
    }

    private const string Script = """
        printf 'one\n2\nthree\n' >edited; rm gone; mv moved elsewhere; rm -r replaced; mkdir replaced; echo new >replaced/new
        mkdir -m 555 sealed 2>/dev/null; echo h >h1; ln h1 h2; ln -s kept link; mkfifo pipe; chmod 600 kept
        """;

    [Fact]
    public void What_is_dropped_is_shown_and_leaves_nothing()
    {
        Require.Root();

        ToolResult result = Try("--drop", "--diff").ShouldExitWith(0);

        Assert.Contains("M  " + _work + "/edited", result.Errors, StringComparison.Ordinal);
        Assert.Contains("-two\n+2\n", result.Errors, StringComparison.Ordinal);
        Assert.Contains("D  " + _work + "/gone", result.Errors, StringComparison.Ordinal);
        Assert.Contains("mode 0644 → 0600", result.Errors, StringComparison.Ordinal);
        Assert.Equal("gone\n", Read("gone"));
        Assert.Equal("one\ntwo\nthree\n", Read("edited"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Fact]
    public void What_is_applied_is_on_the_machine_as_the_program_left_it()
    {
        Require.Root();

        Try("--apply").ShouldExitWith(0);

        AssertApplied();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Fact]
    public void The_exit_status_is_the_programs_and_its_changes_are_applied_all_the_same() =>
        Run("--apply", "echo x >x; exit 7", 7, () => Assert.Equal("x\n", Read("x")));

    [Fact]
    public void Where_nobody_can_be_asked_the_changes_are_kept_until_somebody_decides()
    {
        Require.Root();

        ToolResult result = Try();

        result.ShouldExitWith(0);
        Assert.Contains("the changes are kept in " + _state, result.Errors, StringComparison.Ordinal);
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
        File.WriteAllText(_folder.At("work", "edited"), "somebody else's\n");
        File.WriteAllText(_folder.At("work", "moved", "came"), "later\n");
        string id = Assert.Single(Call("--list").Lines)[..8];

        ToolResult refused = Call("--resume", id, "--apply").ShouldExitWith(125);

        Assert.Contains($"not applied: {_work}/edited", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("somebody else's\n", Read("edited"));
        Assert.Equal("later\n", Read("moved/came"));
        Assert.False(File.Exists(_folder.At("work", "gone")));
        Call("--resume", id, "--apply", "--force").ShouldSucceed();
        Assert.Equal("one\n2\nthree\n", Read("edited"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Fact]
    public void An_archive_has_whiteouts_for_what_was_deleted_and_replaced()
    {
        Require.Root();
        string archive = _folder.At("changes.tar");

        Try("--export", archive).ShouldExitWith(0);

        string[] names = [.. Tool.Run("tar", "tf", archive).ShouldSucceed().Lines.Select(line => line.TrimEnd('/'))];
        string top = _work.TrimStart('/');
        Assert.Contains(top + "/.wh.gone", names);
        Assert.Contains(top + "/.wh.moved", names);
        Assert.Contains(top + "/replaced/.wh..wh..opq", names);
        Assert.Contains(top + "/elsewhere/deep/file", names);
        Assert.DoesNotContain(names, name => name.EndsWith("replaced/.wh.old", StringComparison.Ordinal));
        Directory.CreateDirectory(_folder.At("out"));
        Tool.Run("tar", "xf", archive, "-C", _folder.At("out")).ShouldSucceed();
        Assert.Equal("one\n2\nthree\n", File.ReadAllText(_folder.At("out", top, "edited")));
        Assert.Equal("gone\n", Read("gone"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Fact]
    public void Json_names_every_change()
    {
        Require.Root();
        string file = _folder.At("changes.json");

        Try("--drop", "--json", file).ShouldExitWith(0);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement edited = json
            .RootElement.GetProperty("changes")
            .EnumerateArray()
            .Single(change => change.GetProperty("path").GetString() == _work + "/edited");
        Assert.Equal("M", edited.GetProperty("kind").GetString());
        Assert.Equal(14, edited.GetProperty("before").GetProperty("size").GetInt64());
        Assert.Equal(12, edited.GetProperty("after").GetProperty("size").GetInt64());
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
    public void The_program_does_not_see_what_is_kept()
    {
        Require.Root();
        string kept = _folder.At("work", "state");
        Directory.CreateDirectory(kept);

        ToolResult result = Shell("ls -A state; echo x >state/y", "--state", kept, "--drop").ShouldExitWith(0);

        Assert.Equal("", result.Output);
        Assert.Contains("nothing was changed", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_step_of_applying_tare_is_killed_at_every_file_is_whole_and_the_next_call_finishes()
    {
        Require.Root();
        string pristine = _folder.At("pristine");
        Tool.Run("cp", "-a", _work, pristine).ShouldSucceed();
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
            Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
            Tool.Run("rm", "-rf", _work).ShouldSucceed();
            Tool.Run("cp", "-a", pristine, _work).ShouldSucceed();
        }
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
            _state,
            "--workdir",
            _work,
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
        string[] words = ["try", "--state", _state, "--workdir", _work, "--", "sh", "-c", "echo more >>edited"];
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
            Tool.InstallProgram("/bin/true", _folder.At("work", name));
            Tool.Run(setcap, "cap_net_raw+ep", _folder.At("work", name)).ShouldSucceed();
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
            string capabilities = Tool.Run("getcap", _folder.At("work", name)).Output;
            Assert.Contains("cap_net_raw", capabilities, StringComparison.Ordinal);
        }

        Assert.Equal("7:8", Tool.Run("stat", "-c", "%u:%g", _folder.At("work", "given")).Output.Trim());
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
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Fact]
    public void An_archive_goes_through_a_pipe_and_replaces_no_device()
    {
        Require.Root();
        string link = _folder.At("null");
        File.CreateSymbolicLink(link, "/dev/null");

        Assert.Contains("ustar", Try("--export", "/dev/stdout").ShouldExitWith(0).Output, StringComparison.Ordinal);
        Try("--export", link).ShouldExitWith(0);

        Assert.Equal("/dev/null", new FileInfo(link).LinkTarget);
        Assert.False(File.Exists("/dev/stdout.part"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Fact]
    public void A_file_that_is_named_as_a_whiteout_is_left_out_of_an_archive_and_told()
    {
        Require.Root();
        string archive = _folder.At("changes.tar");

        ToolResult result = Shell("echo x >.wh.kept; mkdir .wh.d; echo y >.wh.d/y; echo z >z", "--export", archive);

        result.ShouldExitWith(0);
        Assert.Contains($"not exported: {_work}/.wh.kept: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(
            [(_work + "/z").TrimStart('/')],
            Tool.Run("tar", "tf", archive).ShouldSucceed().Lines.Where(line => !line.EndsWith('/'))
        );
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
            ["-m", "--propagation", "private", "sh", "-c", script, "sh", Programs.Tare, _state],
            new ToolOptions { WorkingDirectory = _work }
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
            new ToolOptions { WorkingDirectory = _work }
        );

        result.ShouldExitWith(125);
        Assert.Contains("choose another place by --state", result.Errors, StringComparison.Ordinal);
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

    [Fact]
    public void Changes_that_another_user_put_there_are_not_applied()
    {
        Require.Root();
        Directory.CreateDirectory(_state);
        File.SetUnixFileMode(_state, (UnixFileMode)0x3FF); // rwxrwxrwt
        Try(new Dictionary<string, string?> { ["TARE_KILL_BEFORE_APPLY_STEP"] = "5" }, "--apply").ShouldExitWith(137);
        string kept = Assert.Single(Directory.GetDirectories(_state));
        string user = OrdinaryUser.Id.ToString(CultureInfo.InvariantCulture);
        Tool.Run("chown", user, kept).ShouldSucceed();

        Assert.Empty(Call("--list").ShouldSucceed().Lines);
        Call("--resume", Path.GetFileName(kept), "--apply").ShouldExitWith(125);
        Tool.Run("chown", user, _state).ShouldSucceed();
        ToolResult refused = Try("--apply").ShouldExitWith(125);

        Assert.Contains($"'{_state}' is another user's", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("gone\n", Read("gone"));
    }

    public void Dispose() => _folder.Dispose();

    private void AssertApplied()
    {
        Assert.Equal("one\n2\nthree\n", Read("edited"));
        Assert.False(File.Exists(_folder.At("work", "gone")));
        Assert.False(Directory.Exists(_folder.At("work", "moved")));
        Assert.Equal("deep\n", Read("elsewhere/deep/file"));
        Assert.False(File.Exists(_folder.At("work", "replaced", "old")));
        Assert.Equal("new\n", Read("replaced/new"));
        Assert.Equal("kept\n", Read("kept"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.At("work", "kept")));
        Assert.Equal("kept", new FileInfo(_folder.At("work", "link")).LinkTarget);
        Assert.Equal("2", Tool.Run("stat", "-c", "%h", _folder.At("work", "h2")).Output.Trim());
        Assert.Equal("fifo", Tool.Run("stat", "-c", "%F", _folder.At("work", "pipe")).Output.Trim());
        Assert.Equal("555", Tool.Run("stat", "-c", "%a", _folder.At("work", "sealed")).Output.Trim());
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(_work, "*", SearchOption.AllDirectories),
            path => Path.GetFileName(path).StartsWith(".tare", StringComparison.Ordinal)
        );
    }

    private void Run(string option, string script, int status, Action check)
    {
        Require.Root();
        Shell(script, option).ShouldExitWith(status);
        check();
    }

    private string[] State(string[] options) => options.Contains("--state") ? [] : ["--state", _state];

    private string Read(string name) => File.ReadAllText(Path.Combine(_work, name));

    private ToolResult Call(params string[] words) => TareProgram.Call(["try", "--state", _state, .. words]);

    private ToolResult Try(params string[] options) => Shell(Script, options);

    private ToolResult Try(Dictionary<string, string?> environment, params string[] options) =>
        Shell(Script, environment, options);

    private ToolResult Shell(string script, params string[] options) => Shell(script, [], options);

    private ToolResult Shell(string script, Dictionary<string, string?> environment, params string[] options) =>
        Tool.Run(
            Programs.Tare,
            ["try", .. State(options), .. options, "--", "sh", "-c", script],
            new ToolOptions { WorkingDirectory = _work, Environment = environment }
        );
}
