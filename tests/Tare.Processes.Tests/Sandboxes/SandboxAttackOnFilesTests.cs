using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>What a hostile program does to files outside of its sandbox, and by those that it may change.</summary>
public sealed class SandboxAttackOnFilesTests
{
    [Theory]
    [MemberData(nameof(SandboxAttack.Everybody), MemberType = typeof(SandboxAttack))]
    public async Task Files_outside_are_as_they_were_and_none_gives_its_owners_rights(
        Starter starter,
        SandboxLevel level
    )
    {
        SandboxAttack.RequireMeans();
        using Layout layout = new(starter);
        string before = layout.StateOutside;

        Dictionary<string, string> said = await layout.AttackAsync(level, "FILES");

        Assert.Equal(before, layout.StateOutside);
        Assert.Equal(SandboxAttackTests.NamesOf("FILES"), said.Keys);
        Assert.All(said, attack => Assert.StartsWith("held ", attack.Value, StringComparison.Ordinal));
        Assert.Equal("", Tool.Run("find", layout.Writable, "-perm", "/6000").ShouldSucceed().Output);
    }

    [Theory]
    [InlineData(Starter.User)]
    [InlineData(Starter.Root)]
    [InlineData(Starter.RootPooled)]
    public async Task What_mounts_show_read_only_is_not_changed_by_its_owner_either(Starter starter)
    {
        SandboxAttack.RequireMeans();
        using Layout layout = new(starter);
        string before = layout.StateOutside;

        Dictionary<string, string> said = await layout.AttackAsync(SandboxLevel.Container, "OWNERS");

        Assert.Equal(before, layout.StateOutside);
        Assert.Equal(SandboxAttackTests.NamesOf("OWNERS"), said.Keys);
        Assert.All(said, attack => Assert.StartsWith("held ", attack.Value, StringComparison.Ordinal));
    }

    // As root says by User; without capabilities it would be the owner of the machine's devices.
    [Fact]
    public async Task User_0_does_not_change_the_machines_devices()
    {
        SandboxAttack.RequireMeans();
        UnixFileMode before = File.GetUnixFileMode("/dev/null");
        using Layout layout = new(Starter.Root) { User = new(0, 0) };

        Dictionary<string, string> said = await layout.AttackAsync(SandboxLevel.Container, "OWNERS");

        Assert.Equal(before, File.GetUnixFileMode("/dev/null"));
        Assert.Equal(("held EROFS", "held EROFS"), (said["mode_of_device"], said["times_of_device"]));
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_set_user_ID_program_gives_nothing(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        using TemporaryDirectory folder = new();
        string program = folder.At("as-root");
        Tool.InstallProgram("/usr/bin/id", program);
        Tool.Run("chmod", "4755", program).ShouldSucceed();

        string said = await SandboxAttack.OutputOfAsync(
            Starter.Root,
            new()
            {
                Level = level,
                User = new(1234, 1234),
                ReadOnly = [folder.Path],
            },
            program,
            "-u"
        );

        Assert.Equal("end=Exited\n1234\n", said);
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task What_is_exchanged_for_a_link_leads_nowhere_else(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        using Layout layout = new(Starter.Root);
        string before = layout.StateOutside;
        string[] script =
        [
            "import os, sys",
            "hidden, where = sys.argv[1], sys.argv[2]",
            "os.mkdir(where + '/d'); open(where + '/d/file', 'w').write('own')",
            "os.symlink(os.path.dirname(hidden), where + '/l')",
            "child = os.fork()",
            "while child == 0:",
            "    os.rename(where + '/d', where + '/x'); os.rename(where + '/l', where + '/d')",
            "    os.rename(where + '/d', where + '/l'); os.rename(where + '/x', where + '/d')",
            "seen = set()",
            "for i in range(20000):",
            "    try:",
            "        seen.add(open(where + '/d/file').read())",
            "        open(where + '/d/file', 'w').write('own')",
            "    except OSError as failure:",
            "        seen.add(failure.errno)",
            "os.kill(child, 9)",
            "print(any(isinstance(one, str) and one.startswith('hidden') for one in seen), len(seen) > 1)",
        ];

        string said = await SandboxAttack.OutputOfAsync(
            Starter.Root,
            layout.OptionsOf(level),
            SandboxAttack.Python,
            "-c",
            string.Join('\n', script),
            layout.Hidden,
            layout.Writable
        );

        Assert.Equal("end=Exited\nFalse True\n", said);
        Assert.Equal(before, layout.StateOutside);
    }

    // What the program may change, it exchanges for a link to elsewhere while sandboxes are started with it.
    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_named_path_that_is_exchanged_while_it_is_looked_at_is_one_or_the_other(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        using TemporaryDirectory folder = new();
        foreach (string name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(folder.At(name));
            folder.Write($"{name}/file", name);
        }

        Directory.CreateSymbolicLink(folder.At("link"), folder.At("a"));
        string[] script =
        [
            "import os, sys",
            "os.chdir(sys.argv[1])",
            "while True:",
            "    os.symlink('b', 'new'); os.rename('new', 'link'); os.symlink('a', 'new'); os.rename('new', 'link')",
        ];
        await using ChildProcess exchanging = ChildProcess.Start(
            new(SandboxAttack.Python, "-c", string.Join('\n', script), folder.Path) { KillOnParentExit = true }
        );
        for (int i = 0; i < 100; i++)
        {
            SandboxResult result = await Sandbox.RunAsync(
                "sh",
                ["-c", "for i in a b; do cat \"$0/$i/file\" 2>/dev/null; done", folder.Path],
                new() { Level = level, ReadOnly = [folder.At("link")] },
                TestContext.Current.CancellationToken
            );

            Assert.Contains(result.StandardOutput, (string[])["a", "b", ""]);
        }

        exchanging.Kill();
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task What_a_program_leaves_deep_and_closed_is_removed_with_it(SandboxLevel level)
    {
        SandboxAttack.RequireMeans();
        string[] script =
        [
            "import os",
            "print(os.environ['TMPDIR'])",
            "os.chdir(os.environ['TMPDIR'])",
            "for i in range(3000):",
            "    open('file' + 'x' * 200, 'w').close(); os.symlink('/etc', 'link'); os.mkfifo('fifo')",
            "    os.mkdir('d'); os.chdir('d')",
            "    os.chmod('..', 0) if i % 100 == 7 else None",
        ];

        string said = await SandboxAttack.OutputOfAsync(
            Starter.Root,
            new() { Level = level },
            SandboxAttack.Python,
            "-c",
            string.Join('\n', script)
        );

        string home = said.Split('\n')[1];
        Assert.StartsWith("/tmp", home, StringComparison.Ordinal);
        Assert.True(level == SandboxLevel.Container || !Directory.Exists(home));
        Assert.True(File.Exists("/etc/passwd"));
    }

    /// <summary>Files of the starter's user: some that can be read, some to change, some that are not named.</summary>
    private sealed class Layout : IDisposable
    {
        private readonly TemporaryDirectory folder = new();
        private readonly Starter starter;

        public Layout(Starter starter)
        {
            this.starter = starter;
            foreach (string name in (string[])["hidden", "readable", "writable"])
            {
                Directory.CreateDirectory(folder.At(name));
                folder.Write($"{name}/file", name);
            }

            if (starter == Starter.User)
            {
                Tool.Run("chown", "-R", $"{SandboxAttack.Nobody}:{SandboxAttack.Nobody}", folder.Path).ShouldSucceed();
            }
        }

        public ProcessCredentials? User { get; init; }

        public string Hidden => folder.At("hidden", "file");

        public string Writable => folder.At("writable");

        // Names, contents, permissions, owners, times, attributes.
        public string StateOutside =>
            Tool.Run(
                    "sh",
                    "-c",
                    "cd \"$0\" && find hidden readable -printf '%p %m %U %G %n %s %T@\\n' && cat hidden/* readable/*",
                    folder.Path
                )
                .ShouldSucceed()
                .Output;

        public SandboxOptions OptionsOf(SandboxLevel level) =>
            new()
            {
                Level = level,
                ReadOnly = [folder.At("readable")],
                ReadWrite = [Writable],
                User = User,
            };

        // The probe is told no path to read only: a file of the system's that somebody else owns stands for it.
        public Task<Dictionary<string, string>> AttackAsync(SandboxLevel level, string kind) =>
            SandboxAttack.RunAsync(
                starter,
                OptionsOf(level),
                kind,
                Hidden,
                starter == Starter.User ? "/etc/passwd" : folder.At("readable", "file"),
                Writable
            );

        public void Dispose() => folder.Dispose();
    }
}
