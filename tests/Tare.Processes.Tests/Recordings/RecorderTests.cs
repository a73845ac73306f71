using Tare.Fixtures;
using Tare.Processes.Tests.Security;

namespace Tare.Processes.Tests.Recordings;

public sealed class RecorderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_read_is_recorded_with_the_program_and_its_loader()
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "x");
        ProcessStartOptions cat = new("cat", file) { StandardOutput = ChildStream.Null };

        RecordedRun run = await Recorder.RunAsync(cat, null, Cancelled);

        Assert.True(run.Exit.Success);
        Recording recording = run.Recording;
        Assert.True((recording.Paths[file].Access & RecordedAccess.Read) != 0);
        Assert.Superset(
            new HashSet<string>(["execve", "read", "write", "exit_group", "close"]),
            recording.Calls.Keys.ToHashSet()
        );
        Assert.Empty(recording.UnknownCalls);
        Assert.Empty(recording.Sockets);
        Assert.Empty(recording.Endpoints);
        Assert.Equal(0, recording.Unreadable);
        string[] executed =
        [
            .. recording
                .Paths.Values.Where(path => (path.Access & RecordedAccess.Execute) != 0 && !path.Missing)
                .Select(path => Path.GetFileName(path.Path)),
        ];
        Assert.Contains("cat", executed);
        Assert.Contains(executed, name => name.StartsWith("ld-", StringComparison.Ordinal));
        Assert.DoesNotContain(recording.Paths.Keys, path => path.Contains("//", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_its_own_profile_and_policy_a_program_works_and_does_nothing_else()
    {
        Assert.SkipWhen(LandlockPolicy.KernelAbi < 3, "the kernel has no Landlock, or an older ABI");
        using TemporaryDirectory directory = new();
        string file = directory.Write("file", "content");
        string other = directory.Write("other", "secret");
        ProcessStartOptions cat = new("cat", file) { StandardOutput = ChildStream.Null, NoNewPrivileges = true };
        Recording recording = (await Recorder.RunAsync(cat, null, Cancelled)).Recording;
        using LandlockRuleset ruleset = recording.ToLandlockPolicy().ToRuleset();
        ProcessStartOptions restricted = cat with
        {
            Seccomp = recording.ToSeccompProfile().ToFilter(),
            Landlock = ruleset,
        };

        (ProcessExit exit, string output) = await Running.RunAsync(restricted);
        Assert.Equal(("content", true), (output, exit.Success));

        (exit, output) = await Running.RunAsync(restricted with { Arguments = [other] });
        Assert.False(exit.Success);
        Assert.Contains("Permission denied", output, StringComparison.Ordinal);

        // Another program's calls.
        (exit, output) = await Running.RunAsync(
            restricted with
            {
                FileName = "mkdir",
                Arguments = [directory.At("made")],
                Landlock = null,
            }
        );
        Assert.False(exit.Success, output);
        Assert.False(Directory.Exists(directory.At("made")));
    }

    [Fact]
    public async Task A_shell_with_pipes_and_its_children_are_recorded_and_work_again()
    {
        Assert.SkipWhen(LandlockPolicy.KernelAbi < 3, "the kernel has no Landlock, or an older ABI");
        using TemporaryDirectory directory = new();
        Directory.CreateDirectory(directory.At("sub"));
        string file = directory.Write("sub/file", "b\na\n");
        string words = "cd sub; sort < file | cat > out && mkdir d && mv out d/moved && cp d/moved e && rm -r d";
        ProcessStartOptions shell = new("sh", "-c", words)
        {
            WorkingDirectory = directory.Path,
            NoNewPrivileges = true,
        };

        RecordedRun run = await Recorder.RunAsync(shell, null, Cancelled);

        Assert.True(run.Exit.Success);
        Recording recording = run.Recording;
        RecordedAccess Access(string name) => recording.Paths[directory.At("sub", name)].Access;
        Assert.True(Access("file").HasFlag(RecordedAccess.Read));
        Assert.True(Access("out").HasFlag(RecordedAccess.MakeFile | RecordedAccess.Write | RecordedAccess.Move));
        Assert.True(Access("d").HasFlag(RecordedAccess.MakeDirectory | RecordedAccess.RemoveDirectory));
        Assert.True(Access("d/moved").HasFlag(RecordedAccess.MakeFile | RecordedAccess.Remove));
        Assert.True(recording.Calls["execve"] >= 6);

        File.Delete(directory.At("sub/e"));
        using LandlockRuleset ruleset = recording.ToLandlockPolicy().ToRuleset();
        ProcessStartOptions restricted = shell with
        {
            Seccomp = recording.ToSeccompProfile().ToFilter(),
            Landlock = ruleset,
        };
        (ProcessExit exit, string output) = await Running.RunAsync(restricted);
        Assert.True(exit.Success, output);
        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(directory.At("sub/e"), Cancelled));

        (exit, output) = await Running.RunAsync(
            restricted with
            {
                Arguments = ["-c", $"echo x > {directory.At("no")}"],
            }
        );
        Assert.False(exit.Success, output);
        Assert.False(File.Exists(directory.At("no")));
    }
}
