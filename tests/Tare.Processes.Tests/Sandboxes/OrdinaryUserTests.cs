using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>Sandboxes made by a user without any privilege; the probe is started as one.</summary>
public sealed class OrdinaryUserTests
{
    private const uint Nobody = 65534;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Process", "once")]
    [InlineData("Process", "pooled")]
    [InlineData("Container", "once")]
    [InlineData("Container", "pooled")]
    public async Task Walls_stand_without_privileges(string level, string way)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string mine = Path.Combine(folder.Path, "mine");
        Directory.CreateDirectory(mine);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(mine, (UnixFileMode)0x1FF);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "other"), "secret", Cancelled);

        string output = await ProbeAsync(
            level,
            way,
            mine,
            "sh",
            "-c",
            $"echo written > {mine}/file; cat {mine}/file; cat {folder.Path}/other; echo x > $TMPDIR/x && cat $TMPDIR/x; head -c 0 /dev/urandom; echo done"
        );

        Assert.Contains($"level={level} end=Exited exit=exit code 0 user={Nobody}", output, StringComparison.Ordinal);
        Assert.Contains("nnp=True filters=1", output, StringComparison.Ordinal);
        Assert.EndsWith("written\nx\ndone\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(mine, "file")));
    }

    private static async Task<string> ProbeAsync(params string[] arguments)
    {
        await using ChildProcess probe = ChildProcess.Start(
            new(Path.Combine(AppContext.BaseDirectory, "Tare.Processes.Probe"), ["sandbox", .. arguments])
            {
                Credentials = new ProcessCredentials(Nobody, Nobody),
                StandardOutput = ChildStream.Pipe,
                WorkingDirectory = "/",
            }
        );
        using StreamReader reader = new(probe.StandardOutput!);
        string output = await reader.ReadToEndAsync(Cancelled);
        await probe.WaitForExitAsync(Cancelled);
        return output;
    }
}
