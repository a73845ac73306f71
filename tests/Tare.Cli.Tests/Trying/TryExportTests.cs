using System.Text.Json;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Trying;

/// <summary>What <c>tare try</c> writes for other programs: archives and JSON.</summary>
public sealed class TryExportTests : TryFixture
{
    [Fact]
    public void An_archive_has_whiteouts_for_what_was_deleted_and_replaced()
    {
        Require.Root();
        string archive = Folder.At("changes.tar");

        Try("--export", archive).ShouldExitWith(0);

        string[] names = [.. Tool.Run("tar", "tf", archive).ShouldSucceed().Lines.Select(line => line.TrimEnd('/'))];
        string top = Work.TrimStart('/');
        Assert.Contains(top + "/.wh.gone", names);
        Assert.Contains(top + "/.wh.moved", names);
        Assert.Contains(top + "/replaced/.wh..wh..opq", names);
        Assert.Contains(top + "/elsewhere/deep/file", names);
        Assert.DoesNotContain(names, name => name.EndsWith("replaced/.wh.old", StringComparison.Ordinal));
        Directory.CreateDirectory(Folder.At("out"));
        Tool.Run("tar", "xf", archive, "-C", Folder.At("out")).ShouldSucceed();
        Assert.Equal("one\n2\nthree\n", File.ReadAllText(Folder.At("out", top, "edited")));
        Assert.Equal("gone\n", Read("gone"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
    }

    [Fact]
    public void Json_names_every_change()
    {
        Require.Root();
        string file = Folder.At("changes.json");

        Try("--drop", "--json", file).ShouldExitWith(0);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement edited = json
            .RootElement.GetProperty("changes")
            .EnumerateArray()
            .Single(change => change.GetProperty("path").GetString() == Work + "/edited");
        Assert.Equal("M", edited.GetProperty("kind").GetString());
        Assert.Equal(14, edited.GetProperty("before").GetProperty("size").GetInt64());
        Assert.Equal(12, edited.GetProperty("after").GetProperty("size").GetInt64());
    }

    [Fact]
    public void An_archive_goes_through_a_pipe_and_replaces_no_device()
    {
        Require.Root();
        string link = Folder.At("null");
        File.CreateSymbolicLink(link, "/dev/null");

        Assert.Contains("ustar", Try("--export", "/dev/stdout").ShouldExitWith(0).Output, StringComparison.Ordinal);
        Try("--export", link).ShouldExitWith(0);

        Assert.Equal("/dev/null", new FileInfo(link).LinkTarget);
        Assert.False(File.Exists("/dev/stdout.part"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(KeptFolder));
    }

    [Fact]
    public void A_file_that_is_named_as_a_whiteout_is_left_out_of_an_archive_and_told()
    {
        Require.Root();
        string archive = Folder.At("changes.tar");

        ToolResult result = Shell("echo x >.wh.kept; mkdir .wh.d; echo y >.wh.d/y; echo z >z", "--export", archive);

        result.ShouldExitWith(0);
        Assert.Contains($"not exported: {Work}/.wh.kept: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(
            [(Work + "/z").TrimStart('/')],
            Tool.Run("tar", "tf", archive).ShouldSucceed().Lines.Where(line => !line.EndsWith('/'))
        );
    }
}
