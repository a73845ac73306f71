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
