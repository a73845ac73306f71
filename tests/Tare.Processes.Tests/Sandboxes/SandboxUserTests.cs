using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

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

        Assert.Equal(
            ("1234\n2345\n2345 3456 4567\nwritten\n1234:2345\n", ""),
            (result.StandardOutput, result.StandardError)
        );
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

        Assert.Equal("rootpasswd\n", result.StandardOutput);
        Assert.Contains("/etc/shadow", result.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Started_by_root_it_changes_no_permissions_of_roots_files(SandboxLevel level)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        folder.Write("file", "");
        File.SetUnixFileMode(folder.At("file"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED);

        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", $"id -u; id -g; id -G; chmod 777 {folder.At("file")}; chown 65534 {folder.At("file")}"],
            new() { Level = level, ReadOnly = level == SandboxLevel.Process ? [folder.Path] : [] },
            Cancelled
        );

        Assert.Equal("65534\n65534\n65534\n", result.StandardOutput);
        Assert.Equal(2, result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.OtherRead, File.GetUnixFileMode(folder.At("file")));
    }

    // Its owner, its permissions, and those of the directory above it; what is in the way.
    [Theory]
    [InlineData(0, "755", "755", false, null)]
    [InlineData(0, "755", "755", true, "given")]
    [InlineData(0, "757", "755", true, null)]
    [InlineData(0, "750", "755", false, "given")]
    [InlineData(0, "757", "750", false, "")]
    [InlineData(65534, "700", "755", true, null)]
    [InlineData(65534, "500", "755", true, "given")]
    public async Task What_is_named_must_be_open_to_the_user_that_root_does_not_name(
        int owner,
        string mode,
        string above,
        bool writable,
        string? closed
    )
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string given = Directory.CreateDirectory(folder.At("given")).FullName;
        folder.Write("given/file", "given\n");
        Tool.Run("chmod", "644", $"{given}/file").ShouldSucceed();
        Tool.Run("chown", $"{owner}:0", given).ShouldSucceed();
        Tool.Run("chmod", mode, given).ShouldSucceed();
        Tool.Run("chmod", above, folder.Path).ShouldSucceed();
        SandboxOptions options = new() { Level = SandboxLevel.Process };
        options = writable ? options with { ReadWrite = [given] } : options with { ReadOnly = [given] };

        if (closed is null)
        {
            Assert.Equal("given\n", (await Run(options)).StandardOutput);
            return;
        }

        KernelException refused = await Assert.ThrowsAsync<KernelException>(() => Run(options));
        SandboxResult weaker = await Run(options with { AllowWeaker = true });
        SandboxResult root = await Run(options with { User = new ProcessCredentials(0, 0) });

        Assert.Equal(
            (Errno.EACCES, Path.TrimEndingDirectorySeparator(folder.At(closed))),
            (refused.Errno, refused.Target)
        );
        Assert.Contains(weaker.Missing, missing => missing.StartsWith("owners: ", StringComparison.Ordinal));
        Assert.Equal(owner == 0 ? "given\n" : "", root.StandardOutput);

        Task<SandboxResult> Run(SandboxOptions options) =>
            Sandbox.RunAsync(
                "sh",
                ["-c", writable ? $"touch {given}/new && cat {given}/file" : $"cat {given}/file"],
                options,
                Cancelled
            );
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

        Assert.Equal(("65534\ngiven 65534:0\nout\n", ""), (result.StandardOutput, result.StandardError));
        Assert.Equal(65534u, result.Held.UserId);
        Assert.Equal("new\n", File.ReadAllText(changed.At("file")));
        Assert.Equal("0:65534", Tool.Run("stat", "-c", "%u:%g", changed.At("file")).ShouldSucceed().Output.Trim());
    }

    [Fact]
    public async Task No_file_that_it_leaves_gives_anybody_roots_group()
    {
        Require.Root();
        using TemporaryDirectory changed = new();
        changed.Write("given", "roots");
        await Sandbox.RunAsync(
            "sh",
            ["-c", "cp /bin/sh $1/made; chmod 2755 $1/made $1/given; chgrp 0 $1/made; true", "sh", changed.Path],
            new() { ReadWrite = [changed.Path] },
            Cancelled
        );

        // A group that the owner is not in takes the bit from a file.
        Assert.Equal("2755 65534", Tool.Run("stat", "-c", "%a %g", changed.At("made")).ShouldSucceed().Output.Trim());
        Assert.Equal("755 0", Tool.Run("stat", "-c", "%a %g", changed.At("given")).ShouldSucceed().Output.Trim());
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

        Assert.Equal(("secret", ""), (root.StandardOutput, other.StandardOutput));
        Assert.Contains("Permission denied", other.StandardError, StringComparison.Ordinal);
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
