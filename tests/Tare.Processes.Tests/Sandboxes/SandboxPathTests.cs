using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>What becomes of the paths that the options name.</summary>
public sealed class SandboxPathTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_path_that_leads_through_symbolic_links_is_there_under_its_name(SandboxLevel level)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        Directory.CreateDirectory(folder.At("there", "below"));
        await File.WriteAllTextAsync(folder.At("there", "below", "file"), "content\n", Cancelled);
        File.CreateSymbolicLink(folder.At("link"), folder.At("there"));

        SandboxResult result = await RunAsync(
            level,
            $"cat {folder.At("link")}/below/file {folder.At("there")}/below/file; ls {folder.Path}; ls -d /var/run",
            new() { ReadOnly = [folder.At("link", "below"), folder.At("link") + "/below/file", "/var/run"] }
        );

        Assert.StartsWith("content\ncontent\n", result.StandardOutput, StringComparison.Ordinal);
        Assert.EndsWith("/var/run\n", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_system_named_piece_by_piece_is_as_whole_as_the_system()
    {
        Require.Root();
        SandboxResult result = await RunAsync(
            SandboxLevel.Container,
            "echo runs",
            new() { System = false, ReadOnly = ["/bin/sh", "/lib64", "/lib", "/bin", "/usr/"] }
        );

        Assert.Equal("runs\n", result.StandardOutput);
    }

    [Fact]
    public async Task What_is_read_only_within_what_is_not_takes_mounts()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        Directory.CreateDirectory(folder.At("kept"));
        SandboxOptions options = new() { ReadWrite = [folder.Path], ReadOnly = [folder.At("kept")] };
        string script = $"echo x > {folder.Path}/new; echo x > {folder.At("kept")}/new";

        await RunAsync(SandboxLevel.Container, script, options);
        Assert.True(File.Exists(folder.At("new")));
        Assert.False(File.Exists(folder.At("kept", "new")));

        KernelException refused = await Assert.ThrowsAsync<KernelException>(() =>
            RunAsync(SandboxLevel.Process, script, options)
        );
        Assert.Equal(Errno.EOPNOTSUPP, refused.Errno);

        SandboxResult weaker = await RunAsync(SandboxLevel.Process, script, options with { AllowWeaker = true });
        Assert.Contains(weaker.Missing, missing => missing.StartsWith("files: ", StringComparison.Ordinal));
    }

    private static Task<SandboxResult> RunAsync(SandboxLevel level, string script, SandboxOptions options) =>
        Sandbox.RunAsync("sh", ["-c", script], options with { Level = level }, Cancelled);
}
