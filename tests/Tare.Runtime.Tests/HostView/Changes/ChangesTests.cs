namespace Tare.Runtime.Tests.HostView.Changes;

/// <summary>What an upper layer says, and that the machine becomes it.</summary>
public sealed class ChangesTests
{
    private const string Machine = """
        echo a >same; echo a >content; echo a >gone1; echo a >gone2; mkdir -p dir/in; echo x >dir/in/x; echo y >dir/y
        mkdir opaque; echo o >opaque/o; mkdir from; echo f >from/f; mkdir from/sub; echo g >from/sub/g
        echo t >was-file; mkdir was-dir; echo z >was-dir/z; ln -s a link; echo m >mode; ln mode mode2; echo a >alone
        """;

    private const string Upper = """
        cp -a same content mode alone "$U"; chmod 600 "$U/alone"; echo b >>"$U/content"; chown 7:8 "$U/mode"; chmod 4755 "$U/mode"
        mknod "$U/gone1" c 0 0; : >"$U/gone2"; setfattr -n trusted.overlay.whiteout -v y "$U/gone2"
        mkdir "$U/opaque"; setfattr -n trusted.overlay.opaque -v y "$U/opaque"; echo n >"$U/opaque/n"
        mknod "$U/from" c 0 0; mkdir -p "$U/dir/to"; setfattr -n trusted.overlay.redirect -v /from "$U/dir/to"
        mknod "$U/dir/to/f" c 0 0; echo h >"$U/dir/to/h"
        mkdir "$U/was-file"; echo w >"$U/was-file/w"; echo d >"$U/was-dir"; ln -sfn b "$U/link"
        mkfifo "$U/fifo"; mknod "$U/device" c 1 3; echo l >"$U/l1"; ln "$U/l1" "$U/l2"
        setfattr -n user.note -v hello "$U/l1"
        """;

    private static readonly string[] Changes =
    [
        "A /seen/device",
        "A /seen/dir/to",
        "A /seen/dir/to/h",
        "A /seen/dir/to/sub",
        "A /seen/dir/to/sub/g",
        "A /seen/fifo",
        "A /seen/l1",
        "A /seen/l2",
        "A /seen/opaque/n",
        "A /seen/was-file/w",
        "D /seen/from",
        "D /seen/from/f",
        "D /seen/from/sub",
        "D /seen/from/sub/g",
        "D /seen/gone1",
        "D /seen/gone2",
        "D /seen/opaque/o",
        "M /seen/alone Mode",
        "M /seen/content Content, Time",
        "M /seen/link Content, Time",
        "M /seen/mode Mode, Owner",
        "M /seen/was-dir Type",
        "M /seen/was-file Type",
    ];

    [Fact]
    public void Every_form_of_change_is_found_and_nothing_else()
    {
        using MadeUpView view = new(Machine, Upper);
        Assert.Equal(Changes, view.Lines());
    }

    [Fact]
    public void The_machine_becomes_what_the_layer_says_whatever_step_it_is_stopped_at()
    {
        string[] expected;
        int steps = 0;
        using (MadeUpView whole = new(Machine, Upper))
        {
            Assert.Empty(whole.Apply(beforeStep: () => steps++));
            expected = whole.Tree();
            Assert.Contains("mode f 4755 7:8 1 ", expected);
            Assert.Contains("mode2 f 644 0:0 1 ", expected);
            Assert.Contains("alone f 600 0:0 1 ", expected);
            Assert.Contains("l1 f 644 0:0 2 ", expected);
            Assert.Contains("was-dir f 644 0:0 1 ", expected);
            Assert.Contains("dir/to/sub/g f 644 0:0 1 ", expected);
            Assert.Contains("device c 644 0:0 1 ", expected);
            Assert.Equal(
                "hello",
                Fixtures
                    .Tool.Run("getfattr", "--only-values", "-n", "user.note", whole.Machine + "/l2")
                    .Output.TrimEnd()
            );
        }

        for (int stop = 1; stop <= steps; stop++)
        {
            using MadeUpView view = new(Machine, Upper);
            int step = 0;
            Assert.Throws<OperationCanceledException>(() =>
                view.Apply(beforeStep: () => _ = ++step == stop ? throw new OperationCanceledException() : 0)
            );
            Assert.Contains(File.ReadAllText(view.Machine + "/content"), (string[])["a\n", "a\nb\n"]);
            Assert.Empty(view.Apply());
            Assert.Equal(expected, view.Tree());
        }
    }

    [Fact]
    public void Names_of_one_file_are_no_conflict_with_each_other()
    {
        using MadeUpView view = new("echo 1 >a; ln a b", "echo 2 >\"$U/a\"; echo 3 >\"$U/b\"");
        Assert.Empty(view.Apply());
        Assert.Equal("3\n", File.ReadAllText(view.Machine + "/b"));
    }

    [Fact]
    public void A_directory_that_became_a_symbolic_link_is_not_followed()
    {
        using MadeUpView view = new("mkdir d; mkdir other", "mkdir \"$U/d\"; echo x >\"$U/d/x\"");
        Assert.Equal(["A /seen/d/x"], view.Lines());
        int step = 0;

        string[] refusals = view.Apply(beforeStep: () =>
        {
            if (++step == 1)
            {
                view.Sh("rmdir d; ln -s other d");
            }
        });

        Assert.Contains("ENOTDIR", Assert.Single(refusals), StringComparison.Ordinal);
        Assert.False(File.Exists(view.Machine + "/other/x"));
    }

    [Fact]
    public void What_appears_and_what_changes_meanwhile_stays_unless_it_is_forced()
    {
        using MadeUpView view = new(
            "echo 1 >a; mkdir d; echo 1 >d/1",
            "echo 2 >\"$U/a\"; echo n >\"$U/n\"; mknod \"$U/d\" c 0 0"
        );
        int step = 0;

        string[] refusals = view.Apply(beforeStep: () =>
        {
            if (++step == 1)
            {
                view.Sh("echo mine >a; echo mine >n; echo mine >d/2");
            }
        });

        Assert.Equal(3, refusals.Length);
        Assert.Equal("mine\n", File.ReadAllText(view.Machine + "/a"));
        Assert.Equal("mine\n", File.ReadAllText(view.Machine + "/n"));
        Assert.Equal("mine\n", File.ReadAllText(view.Machine + "/d/2"));
        Assert.Empty(view.Apply(force: true));
        Assert.Equal("2\n", File.ReadAllText(view.Machine + "/a"));
        Assert.False(Directory.Exists(view.Machine + "/d"));
    }

    [Theory]
    [InlineData(
        "mkdir app app.new; echo old >app/f; echo new >app.new/f",
        "D=trusted.overlay.redirect; mkdir \"$U/app\" \"$U/app.old\"; mknod \"$U/app.new\" c 0 0; "
            + "setfattr -n $D -v /app.new \"$U/app\"; setfattr -n $D -v /app \"$U/app.old\"",
        "app.old/f: old, app/f: new"
    )]
    [InlineData(
        "mkdir a b; echo a >a/f; echo b >b/f; setfattr -n user.note -v a a; setfattr -n user.note -v b b",
        "D=trusted.overlay.redirect; mkdir \"$U/a\" \"$U/b\"; setfattr -n user.note -v b \"$U/a\"; "
            + "setfattr -n user.note -v a \"$U/b\"; "
            + "setfattr -n $D -v /b \"$U/a\"; setfattr -n $D -v /a \"$U/b\"",
        "a/f: b, b/f: a"
    )]
    [InlineData(
        "mkdir a; echo a >a/f; mkdir -p b/f; echo g >b/f/g",
        "D=trusted.overlay.redirect; mkdir \"$U/a\" \"$U/b\"; "
            + "setfattr -n $D -v /b \"$U/a\"; setfattr -n $D -v /a \"$U/b\"",
        "a/f/g: g, b/f: a"
    )]
    public void Directories_that_take_each_others_place_lose_nothing_whatever_step_it_is_stopped_at(
        string machine,
        string upper,
        string expected
    )
    {
        int steps = 0;
        using (MadeUpView whole = new(machine, upper))
        {
            Assert.Empty(whole.Apply(beforeStep: () => steps++));
            Assert.Equal(expected, Contents(whole));
        }

        for (int stop = 1; stop <= steps; stop++)
        {
            using MadeUpView view = new(machine, upper);
            int step = 0;
            Assert.Throws<OperationCanceledException>(() =>
                view.Apply(beforeStep: () => _ = ++step == stop ? throw new OperationCanceledException() : 0)
            );
            Assert.Empty(view.Apply());
            Assert.Equal(expected, Contents(view));
        }

        static string Contents(MadeUpView view) =>
            string.Join(
                ", ",
                Directory
                    .EnumerateFiles(view.Machine, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(file => $"{Path.GetRelativePath(view.Machine, file)}: {File.ReadAllText(file).TrimEnd()}")
            );
    }

    [Fact]
    public void What_was_moved_stays_in_its_old_place_as_long_as_it_could_not_be_put_in_the_new_one()
    {
        using MadeUpView view = new(
            "mkdir a; echo precious >a/x; echo y >a/y",
            "mknod \"$U/a\" c 0 0; mkdir \"$U/c\"; setfattr -n trusted.overlay.redirect -v /a \"$U/c\""
        );
        int step = 0;

        string[] refusals = view.Apply(beforeStep: () =>
        {
            if (++step == 1)
            {
                view.Sh("mkdir c; echo mine >c/x");
            }
        });

        Assert.Equal(
            [
                "a/x: what the program moved away from there has not been applied",
                "a: it holds what the program did not delete",
                "c/x: the machine has a file there by now",
            ],
            refusals.Order(StringComparer.Ordinal)
        );
        Assert.Equal("precious\n", File.ReadAllText(view.Machine + "/a/x"));
        Assert.Equal("y\n", File.ReadAllText(view.Machine + "/c/y"));
        Assert.Empty(view.Apply(force: true));
        Assert.Equal("precious\n", File.ReadAllText(view.Machine + "/c/x"));
        Assert.False(Directory.Exists(view.Machine + "/a"));
    }

    [Fact]
    public void What_was_moved_and_grew_meanwhile_is_taken_whole_where_it_is_forced()
    {
        using MadeUpView view = new(
            "mkdir a; echo one >a/x",
            "mknod \"$U/a\" c 0 0; mkdir \"$U/c\"; setfattr -n trusted.overlay.redirect -v /a \"$U/c\""
        );
        int step = 0;
        string[] refusals = view.Apply(beforeStep: () =>
        {
            if (++step == 1)
            {
                view.Sh("echo two >>a/x");
            }
        });

        Assert.Equal(3, refusals.Length);
        Assert.Empty(view.Apply(force: true));
        Assert.Equal("one\ntwo\n", File.ReadAllText(view.Machine + "/c/x"));
    }

    [Fact]
    public void What_is_moved_into_a_directory_that_the_program_deleted_stays()
    {
        using MadeUpView view = new(
            "mkdir d other; echo 1 >d/1; mkdir other/came; echo o >other/came/old",
            "mknod \"$U/d\" c 0 0"
        );
        view.Sh("mv other/came d/");

        string[] refusals = view.Apply();

        Assert.Contains("d/came/old: it was changed on the machine meanwhile", refusals);
        Assert.Equal("o\n", File.ReadAllText(view.Machine + "/d/came/old"));
        Assert.False(File.Exists(view.Machine + "/d/1"));
    }
}
