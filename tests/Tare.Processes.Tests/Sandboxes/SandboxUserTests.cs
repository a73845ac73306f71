using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class SandboxUserTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxLevel.Process, "once")]
    [InlineData(SandboxLevel.Container, "once")]
    [InlineData(SandboxLevel.Process, "pooled")]
    [InlineData(SandboxLevel.Container, "pooled")]
    public async Task Root_makes_the_program_anybody(SandboxLevel level, string way)
    {
        Require.Root();
        SandboxOptions options = new()
        {
            Level = level,
            User = new ProcessCredentials(1234, 2345) { SupplementaryGroups = [3456, 4567] },
        };
        const string Script =
            "id -u; id -g; id -G; echo written > $TMPDIR/file; cat $TMPDIR/file; stat -c %u:%g $TMPDIR/file";

        SandboxResult result = way == "once" ? await Once() : await Pooled();

        Assert.Equal(("1234\n2345\n2345 3456 4567\nwritten\n1234:2345\n", ""), (result.Output, result.Error));
        Assert.Equal(1234u, result.Held.UserId);
        Assert.Equal(Tare.Linux.CapabilitySet.Empty, result.Held.Capabilities);
        Assert.True(result.Success);

        Task<SandboxResult> Once() => Sandbox.RunAsync("sh", ["-c", Script], options, Cancelled);

        async Task<SandboxResult> Pooled()
        {
            await using SandboxPool pool = new(options, 1);
            return await pool.RunAsync("sh", ["-c", Script], cancellationToken: Cancelled);
        }
    }

    [Theory]
    [InlineData(SandboxLevel.Process, false)]
    [InlineData(SandboxLevel.Process, true)]
    [InlineData(SandboxLevel.Container, false)]
    [InlineData(SandboxLevel.Container, true)]
    public async Task What_is_roots_alone_in_the_system_cannot_be_read(SandboxLevel level, bool asRoot)
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", "cat /etc/shadow /etc/ssl/private/*; head -c 4 /etc/passwd; ls /etc | grep -x passwd"],
            new() { Level = level, User = asRoot ? new ProcessCredentials(0, 0) : null },
            Cancelled
        );

        Assert.Equal("rootpasswd\n", result.Output);
        Assert.Contains("/etc/shadow", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_root_gives_by_name_is_the_programs_own()
    {
        Require.Root();
        using TemporaryDirectory given = new();
        using TemporaryDirectory changed = new();
        given.Write("file", "given");
        File.SetUnixFileMode(given.At("file"), UnixFileMode.UserRead);
        File.SetUnixFileMode(given.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(changed.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            [
                "-c",
                "id -u; cat \"$1/file\"; stat -c ' %u:%g' \"$1/file\"; echo new > \"$2/file\"; echo out > /dev/stdout",
                "sh",
                given.Path,
                changed.Path,
            ],
            new() { ReadOnly = [given.Path], ReadWrite = [changed.Path] },
            Cancelled
        );

        Assert.Equal(("65534\ngiven 65534:65534\nout\n", ""), (result.Output, result.Error));
        Assert.Equal(65534u, result.Held.UserId);
        Assert.Equal("new\n", File.ReadAllText(changed.At("file")));
        Assert.Equal("0:0", Tool.Run("stat", "-c", "%u:%g", changed.At("file")).ShouldSucceed().Output.Trim());
    }

    [Fact]
    public async Task Another_user_cannot_read_what_is_roots()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "secret", Cancelled);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED);
        SandboxOptions options = new() { ReadOnly = [folder.Path] };

        SandboxResult root = await Sandbox.RunAsync("cat", [file], options, Cancelled);
        SandboxResult other = await Sandbox.RunAsync(
            "cat",
            [file],
            options with
            {
                User = new ProcessCredentials(1234, 1234),
            },
            Cancelled
        );

        Assert.Equal(("secret", ""), (root.Output, other.Output));
        Assert.Contains("Permission denied", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_user_is_a_bad_argument()
    {
        foreach (
            ProcessCredentials bad in new ProcessCredentials[]
            {
                new(uint.MaxValue, 1),
                new(1, uint.MaxValue),
                new(1, 1) { SupplementaryGroups = [uint.MaxValue] },
                new(1, 1) { SupplementaryGroups = [2], KeepSupplementaryGroups = true },
            }
        )
        {
            Assert.Throws<ArgumentException>(() => Sandbox.Start("true", [], new() { User = bad }));
        }
    }

    [Theory]
    [InlineData("tare:100000:65536\n", 1000, "tare", 3, 100_000)]
    [InlineData("other:1:10\n1000:200000:2\ntare:300000:3\n", 1000, "tare", 3, 300_000)]
    [InlineData("1000:200000:65536\n", 1000, null, 1, 200_000)]
    [InlineData("tare:x:65536\n\n#\ntare:1:2:3\n", 1000, "tare", 1, null)]
    public void Subordinate_groups_are_found(string ranges, uint user, string? name, int count, int? first) =>
        Assert.Equal((uint?)first, SubordinateGroups.Find(ranges, user, name, count));

    [Fact]
    public void A_user_is_found_by_number() =>
        Assert.Equal(
            "tare",
            SubordinateGroups.NameOf("root:x:0:0::/:/bin/sh\nbroken\ntare:x:1000:1000::/home/tare:/bin/sh\n", 1000)
        );
}
